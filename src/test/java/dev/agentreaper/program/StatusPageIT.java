package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.Needs;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The status page in a browser, in the states that its tests name. What it looked like is left in target/screenshots. */
@Needs(Needs.Tool.CHROMIUM)
class StatusPageIT {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int DESKTOP = 1280;
    private static final int PHONE = 360;

    private static Browser browser;

    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @BeforeAll
    static void open() {
        browser = Browser.start();
    }

    @AfterAll
    static void quit() {
        browser.close();
    }

    @AfterEach
    void close() {
        // Else it goes on asking, and complains.
        browser.open(URI.create("about:blank"));
        browser.complaints();
        scene.close();
    }

    private Program.Builder sweeping() {
        return scene.configured().env("REAPER_SWEEP_EVERY", "5m").env("REAPER_SWEEP_AGENTS", "*");
    }

    private static void awaitSweep(Program program) {
        eventually().until(() -> !Scene.linesWith(program, "swept pool=").isEmpty());
    }

    /** Opens the page, as it is without its script, on a desk in light and a phone in dark, and looks for faults. */
    private static void look(Program program, String state) {
        browser.with(PHONE, 800, true, true).open(program.url("/"));
        isFitForAll(state + ", dark, phone");
        browser.photograph(SCREENSHOTS.resolve(state + "-phone.png"));
        browser.with(DESKTOP, 900, true, true).open(program.url("/"));
        browser.photograph(SCREENSHOTS.resolve(state + "-dark.png"));
        browser.with(DESKTOP, 900, false, true).open(program.url("/"));
        isFitForAll(state + ", light, desktop");
        browser.photograph(SCREENSHOTS.resolve(state + "-light.png"));
        browser.with(DESKTOP, 900, false, false).open(program.url("/"));
    }

    private static void isFitForAll(String how) {
        assertThat(browser.barriers()).as(how).isEmpty();
        assertThat(browser.complaints()).as(how).isEmpty();
        assertThat(browser.holds("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as("%s: nothing is wider than the window", how)
                .isTrue();
    }

    @Test
    void itSaysThatAllWorksWhatWasRemovedAndWhatIsKeptAndWhy() {
        scene.runs("lives");
        scene.pool.register("agent-placeholder", Map.of());
        scene.pool.neverConnected("agent-placeholder");
        OneShotScene.straggler(scene.pool, "straggler");
        Program program = scene.started(sweeping());
        awaitSweep(program);
        scene.runs("dies");
        scene.dies("dies");
        scene.awaitRemoved("dies");
        scene.awaitIdle();

        look(program, "healthy");

        assertThat(browser.title()).isEqualTo("Healthy · Agent Reaper");
        assertThat(browser.one(".summary h2").getText()).isEqualTo("Healthy");
        assertThat(browser.text())
                .contains("Pool default", "Default of " + scene.azure.url())
                .containsPattern("Swept \\d+ \\w+ ago, 1 removed. Next sweep in \\d min")
                .contains("1 its pod lives (POD_ALIVE)", "1 protected by its name, or a placeholder (PROTECTED)")
                .containsPattern("dies \\d+ \\w+ ago removed \\d+.* pod gone " + scene.namespace + "/dies")
                .containsPattern("straggler \\d+ \\w+ ago removed \\d+.* sweep")
                .containsPattern("pool default works\n")
                .doesNotContain("Dry run");
    }

    @Test
    void aDryRunIsUnmistakable() {
        scene.runs("lives");
        OneShotScene.straggler(scene.pool, "straggler");
        Program program = scene.started(sweeping().env("REAPER_MODE", "dry-run"));
        awaitSweep(program);

        look(program, "dry-run");

        assertThat(browser.title()).isEqualTo("Healthy, dry run · Agent Reaper");
        assertThat(browser.one("section.dry-run").getText())
                .contains("Dry run: nothing is removed", "REAPER_MODE=delete");
        assertThat(browser.text()).containsPattern("straggler \\d+ \\w+ ago would be removed \\(dry run\\)");
    }

    @Test
    void aWrongTokenIsToldWithItsCure() {
        Program program = scene.start(sweeping().env("AZP_TOKEN", "a-token-that-is-wrong"));
        eventually().until(() -> !Scene.complaints(program).isEmpty());

        look(program, "token-wrong");

        assertThat(browser.title()).isEqualTo("Not ready · Agent Reaper");
        assertThat(browser.one(".summary").getText())
                .containsPattern("pool default, failing for \\d+ \\w+: HTTP 401")
                .contains("What to do: ", "Agent Pools (read, manage)");
        assertThat(browser.text()).contains("Its agents could not be listed yet.", "Not swept yet.");
    }

    @Test
    void anApiServerThatIsAwayIsToldWithItsCureAndWhatWaitsForItIsShown() {
        scene.runs("dies");
        Program program = scene.started(sweeping());
        awaitSweep(program);
        scene.azure.fail(AzureDevOpsFault.unavailable());
        scene.dies("dies");
        eventually().until(() -> program.get("/status.json").contains("HTTP 503"));
        scene.cluster.fail(KubernetesOperation.LIST, KubernetesFault.internalError());
        scene.cluster.fail(KubernetesOperation.WATCH, KubernetesFault.internalError());
        scene.cluster.endWatches();
        eventually().until(() -> !Scene.linesWith(program, "watch of ").isEmpty());

        look(program, "api-server-away");

        assertThat(browser.title()).isEqualTo("Degraded · Agent Reaper");
        assertThat(browser.one(".summary").getText())
                .contains("watch of ", "HTTP 500", "What to do: ")
                .contains("HTTP 503");
        assertThat(browser.one(".attention").getText()).contains("to be removed", "1");
        assertThat(browser.text()).containsPattern("dies " + scene.namespace + "/dies \\d+ \\w+ ago");
    }

    @Test
    void anEmptyPoolIsTroubleAndSoIsSaid() {
        Program program = scene.started(sweeping());
        awaitSweep(program);

        look(program, "empty-pool");

        assertThat(browser.one(".summary").getText())
                .contains("Degraded", "has no agent, so Azure DevOps rejects jobs", "placeholder-1");
    }

    @Test
    void aPodWhoseAgentCannotBeToldIsNamedWithWhatToDo() {
        scene.runs(scene.pod("a-pod-with-quite-a-long-name-".repeat(7) + "1")
                .envFromSecret("AZP_AGENT_NAME", "names", "agent"));
        OneShotScene.straggler(scene.pool, "straggler-" + "withquitealongname".repeat(10));
        Program program = scene.started(sweeping());
        awaitSweep(program);

        look(program, "unmapped");

        assertThat(browser.title()).isEqualTo("Degraded · Agent Reaper");
        assertThat(browser.one(".summary").getText())
                .contains(
                        "pool default: the agent name of pod",
                        "What to do: set AZP_AGENT_NAME in the spec of such pods");
        assertThat(browser.text()).contains(", not completely");
    }

    @Test
    void threeThousandAgentsAreThereWhenTheyAreAskedFor() {
        scene.run(2_000, "runs");
        for (int i = 0; i < 1_000; i++) {
            scene.pool.register("foreign-" + i, Map.of());
            scene.pool.offlineSince("foreign-" + i, Instant.now().minusSeconds(86_400));
        }
        Program program = scene.started(sweeping().env("REAPER_SWEEP_AGENTS", "runs-*"));
        awaitSweep(program);

        look(program, "many-agents");
        browser.with(DESKTOP, 900, false, true).open(program.url("/"));
        assertThat(browser.text()).contains("1000 not of this cluster", "2000 its pod lives", "All 3000 agents");
        assertThat(browser.one("details td").isDisplayed()).isFalse();
        browser.one("summary").click();

        assertThat(browser.holds("document.querySelectorAll('details tbody tr').length === 3000"))
                .isTrue();
        assertThat(browser.one("details tbody tr:first-child").getText()).contains("foreign-0", "offline", "24 h ago");
        browser.photograph(SCREENSHOTS.resolve("many-agents-open.png"));
    }

    @Test
    void whatIsCalledLikeAScriptIsShownAndNotRun() {
        String name = "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">";
        scene.pool.register(name, Map.of());
        scene.pool.offlineSince(name, Instant.now().minusSeconds(86_400));
        scene.pool.register("{status.version}{#for a in b}", Map.of());
        Program program = scene.started(sweeping().env("AZP_POOL", "Default"));
        awaitSweep(program);

        browser.with(DESKTOP, 900, false, true).open(program.url("/"));
        browser.one("summary").click();

        assertThat(browser.text()).contains(name, "{status.version}{#for a in b}");
        assertThat(browser.title()).endsWith("Agent Reaper");
        assertThat(browser.all("img")).isEmpty();
        assertThat(browser.all("script")).hasSize(1);
        isFitForAll("hostile names");
    }

    @Test
    void itBringsItselfUpToDateAndLeavesOpenWhatIsOpenAndTheKeyboardWhereItIs() {
        scene.runs("dies");
        scene.runs("lives");
        Program program = scene.started(sweeping());
        awaitSweep(program);
        browser.with(DESKTOP, 900, false, true).open(program.url("/"));
        for (int i = 0; i < 30 && !browser.focused().getTagName().equals("summary"); i++) {
            browser.press(Keys.TAB);
        }
        browser.press(Keys.SPACE);
        assertThat(browser.text()).contains("All 2 agents").doesNotContain("pod gone");

        scene.dies("dies");

        eventually().until(() -> browser.text().contains("pod gone"));
        assertThat(browser.text()).contains("1 agent").doesNotContain("All 1 agents");
        assertThat(browser.one("details td").isDisplayed()).isTrue();
        assertThat(browser.focused().getTagName()).isEqualTo("summary");

        program.kill();

        eventually().until(() -> browser.text().contains("It does not answer: what you see is old."));
    }

    @Test
    void nothingOnItDoesAnything() {
        Program program = scene.started(sweeping());

        browser.with(DESKTOP, 900, false, true).open(program.url("/"));

        assertThat(browser.all("form, button, input, select, textarea")).isEmpty();
        assertThat(browser.all("a"))
                .allSatisfy(link -> assertThat(link.getAttribute("href"))
                        .startsWith(program.url("/").toString()));
    }
}
