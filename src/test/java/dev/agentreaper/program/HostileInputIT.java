package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts from outside that want to be more than text, and bodies that never end: in a small heap, with frequent sweeps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputIT {
    private static final String FORGED =
            "\n2026-01-01T00:00:00.000Z INFO  removed pool=default agent=forged pod=- trigger=sweep ms=1 id=1";
    private static final Pattern LOG_LINE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ [A-Z]+ +\\S.*");

    static final List<String> NAMES = List.of(
            "line" + FORGED,
            "line\r\u001b[2K\u001b[31mred",
            "line\u2028\u2029\u0085end",
            "nul\0-and-\u202Egnp.exe",
            "%s%n%d%1$s{0}",
            "a%41b%2e%2e%2f",
            "plus+and space",
            "../../agents/1",
            "..%2F..%2Fpools",
            "{agentId}{env:AZP_TOKEN}",
            "${AZP_TOKEN}#{1+1}",
            "<script>alert('1')</script>",
            "a&poolName=other&api-version=1",
            "a#b?c=d;e=f",
            "quote\"'`\\",
            "🤖 Größe");

    /** Whom a name would mean if it were decoded once too often, or not at all. */
    private static final List<String> BYSTANDERS =
            List.of("aAb..", "aAb../", "plus and space", "a", "forged", "agents");

    private final Scene<KubernetesSimulator> scene = Scene.simulated();
    private Program program;
    private int pods;

    @BeforeAll
    void startTheProgram() {
        BYSTANDERS.forEach(name -> scene.pool.register(name, Map.of()));
        program = scene.started(scene.configured()
                .env("REAPER_SWEEP_EVERY", "1s")
                .env("REAPER_SWEEP_AGENTS", "*")
                .env("REAPER_RETRY_FOR", "2s")
                .env("QUARKUS_LOG_LEVEL", "DEBUG"));
    }

    @AfterAll
    void end() {
        scene.close();
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void anAgentOfAnOddNameIsRemovedAndNoOther(String name) {
        int removed = linesWith(program, " removed pool=").size();
        String pod = "odd-" + ++pods;
        scene.runs(scene.pod(pod).env("AZP_AGENT_NAME", name).label("odd", name).annotation("odd", name));
        scene.pool.register(name, Map.of());

        scene.dies(pod);
        scene.awaitRemoved(name);

        eventually().until(() -> linesWith(program, " removed pool=").size() > removed);
        assertThat(linesWith(program, " removed pool=")).hasSize(removed + 1);
        assertThat(linesWith(program, "pod=" + scene.namespace + "/" + pod + " "))
                .isNotEmpty();
        assertNothingElse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {".", "..", "a/../b", "%2e%2e", "a?watch=true", "a#b", "a b+c", "{name}", "line\n2026-01-01"})
    void aPodOfAnOddNameLeadsNowhereElse(String pod) {
        String agent = "of-an-odd-pod-" + ++pods;
        scene.pool.register(agent, Map.of());
        scene.runs(scene.pod(pod).env("AZP_AGENT_NAME", agent));
        scene.awaitPast();

        scene.dies(pod);
        eventually()
                .until(() -> !scene.hasAgent(agent)
                        || !linesWith(program, "gave up pool=default agent=" + agent)
                                .isEmpty());

        assertNothingElse();
    }

    @Test
    void aPodWhoseVariablesGrowWithoutBoundStopsItsPoolsSweepsAndNothingElse() {
        var pod = scene.pod("doubling\n").env("V0", "x".repeat(1000));
        for (int i = 1; i <= 40; i++) {
            pod.env("V" + i, "$(V%1$d)$(V%1$d)".formatted(i - 1));
        }
        scene.runs(pod.env("AZP_AGENT_NAME", "$(V40)"));

        eventually()
                .until(() ->
                        linesWith(program, "doubling?").stream().anyMatch(line -> line.contains("more than 10000")));
        scene.dies("doubling\n");
        scene.awaitPast();
        assertNothingElse();
    }

    @Test
    void anErrorsWordsAndHeadersAreOneLineOfTheLog() {
        Map<String, String> headers = Map.of(
                "Content-Type", "application/json; charset=no-such-charset",
                "ActivityId", "\u001b[31m%s%n{0}" + "a".repeat(3000),
                "Retry-After", "%s",
                "X-RateLimit-Reset", "-1",
                "X-RateLimit-Delay", "NaN");
        String body = "{\"typeKey\":\"X\\n%%s\",\"message\":\"first%s\\u001b[31m%s\"}"
                .formatted(FORGED.replace("\n", "\\n"), "y".repeat(30_000));
        scene.azure.failNext(1, AzureDevOpsFault.answer(418, headers, body), AzureDevOpsOperation.LIST_AGENTS);
        scene.cluster.fail(KubernetesOperation.LIST, KubernetesFault.status(418, "Teapot", "second" + FORGED), 1);

        eventually()
                .until(() -> linesWith(program, "HTTP 418").stream().anyMatch(line -> line.contains("first?2026"))
                        && linesWith(program, "HTTP 418").stream().anyMatch(line -> line.contains("second?2026")));

        assertNothingElse();
    }

    static Stream<Arguments> bodiesWithoutEnd() {
        String agents = "{\"count\":1,\"value\":[{\"id\":1,\"name\":\"a\"}";
        String pods = "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"9\"},\"items\":[";
        return Stream.of(
                argumentSet("an agent", azure(200, "{\"count\":1,\"value\":[{\"name\":\"", "a")),
                argumentSet("a list of agents", azure(200, agents, ",{\"id\":2,\"name\":\"b\"}")),
                argumentSet("white space", azure(200, "", " ")),
                argumentSet("an error", azure(500, "{\"message\":\"", "a")),
                argumentSet("a pod", list(200, pods + "{\"metadata\":{\"name\":\"", "a")),
                argumentSet(
                        "a list of pods",
                        list(
                                200,
                                pods + "{\"metadata\":{\"namespace\":\"a\",\"name\":\"b\"}}",
                                ",{\"metadata\":{\"namespace\":\"a\",\"name\":\"b\"}}")),
                argumentSet("a status", list(500, "{\"message\":\"", "a")));
    }

    @ParameterizedTest
    @MethodSource("bodiesWithoutEnd")
    void aBodyWithoutEndIsGivenUpInBoundedMemory(Fault fault) {
        int before = linesWith(program, "more than").size()
                + linesWith(program, "HTTP 500").size();
        fault.begin(scene);

        eventually()
                .until(() -> linesWith(program, "more than").size()
                                + linesWith(program, "HTTP 500").size()
                        > before);

        assertNothingElse();
        scene.cluster.heal();
        scene.awaitPast();
        eventually().until(program::isReady);
    }

    @Test
    void anEventWithoutEndIsGivenUpInBoundedMemory() {
        double before = Scene.metric(program, "agent_reaper_watch_restarts_total");
        scene.cluster.fail(
                KubernetesOperation.WATCH,
                new KubernetesFault.Endless(200, "{\"type\":\"ADDED\",\"object\":{\"a\":\"", "a"),
                1);

        scene.cluster.cutWatches();
        // Once for the watch that was cut, and once for the one whose event has no end.
        eventually().until(() -> Scene.metric(program, "agent_reaper_watch_restarts_total") >= before + 2);

        eventually().until(() -> scene.cluster.openWatches() == 1);
        scene.awaitPast();
        assertNothingElse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void aPlanAndASweepTellOddNamesAsWhatTheyAre(String format) {
        try (KubernetesSimulator cluster = KubernetesSimulator.start();
                OneShotScene sweep = new OneShotScene(cluster)) {
            NAMES.forEach(name -> OneShotScene.straggler(sweep.pool, name));
            sweep.env("REAPER_SWEEP_AGENTS", "*")
                    .env("REAPER_LOG_FORMAT", format)
                    .env("REAPER_MODE", "delete");

            Ended ended = sweep.run("sweep", "--output", format);

            assertThat(ended.exitCode()).as("%s", ended).isZero();
            assertThat(sweep.pool.agents()).isEmpty();
            assertThat(linesOf(ended.log(), "removed pool=")).hasSize(NAMES.size());
            if (format.equals("json")) {
                assertThat(ended.log())
                        .allSatisfy(line ->
                                assertThat(OneShotScene.json(line).isObject()).isTrue());
                assertThat(ended.pool("default").path("agents").findValuesAsText("name"))
                        .containsExactlyInAnyOrderElementsOf(NAMES);
            } else {
                assertThat(ended.log()).allMatch(HostileInputIT::isLogLine);
                // A heading, the columns' names, an empty line, and one count.
                assertThat(ended.output().lines()).hasSize(NAMES.size() + 4);
                assertThat(ended.output().lines().filter(line -> line.contains("REMOVE ")))
                        .hasSize(NAMES.size() + 1);
                assertThat(ended.output().chars()).noneMatch(c -> c != '\n' && Character.isISOControl(c));
            }
        }
    }

    interface Fault {
        void begin(Scene<KubernetesSimulator> scene);
    }

    private static Fault azure(int status, String begin, String forEver) {
        return scene -> scene.azure.failNext(
                1, AzureDevOpsFault.answerWithoutEnd(status, begin, forEver), AzureDevOpsOperation.LIST_AGENTS);
    }

    private static Fault list(int status, String begin, String forEver) {
        return scene ->
                scene.cluster.fail(KubernetesOperation.LIST, new KubernetesFault.Endless(status, begin, forEver), 1);
    }

    /** No line of its own, no path but those of the contract, no other agent's removal, and no end of the memory. */
    private void assertNothingElse() {
        assertThat(program.isRunning()).isTrue();
        assertThat(program.log()).allMatch(HostileInputIT::isLogLine);
        assertThat(linesWith(program, "OutOfMemory")).isEmpty();
        assertThat(scene.azure.requests())
                .allMatch(request -> request.path()
                        .matches("/fabrikam/_apis/distributedtask/pools(/%d/agents(/\\d+)?)?"
                                .formatted(scene.pool.id())));
        assertThat(scene.azure.requests())
                .extracting(request -> request.operation())
                .doesNotContain(AzureDevOpsOperation.OTHER, AzureDevOpsOperation.LIST_POOLS);
        assertThat(scene.cluster.requests())
                .allMatch(request -> request.path().equals("/api/v1/pods")
                        || request.path().startsWith("/api/v1/namespaces/" + scene.namespace + "/pods/"));
        assertThat(BYSTANDERS).allMatch(scene::hasAgent);
    }

    private static boolean isLogLine(String line) {
        return LOG_LINE.matcher(line).matches()
                && !line.startsWith("2026-01-01")
                && line.chars().noneMatch(Character::isISOControl);
    }

    private static List<String> linesOf(List<String> log, String text) {
        return log.stream().filter(line -> line.contains(text)).toList();
    }
}
