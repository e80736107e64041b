package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.metric;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static dev.agentreaper.simulator.KubernetesOperation.GET;
import static dev.agentreaper.simulator.KubernetesOperation.LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An event only says «look now»: what the API server says then decides. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveCheckIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();
    private int names;

    @BeforeAll
    void startTheProgram() {
        scene.started(scene.configured().env("QUARKUS_LOG_LEVEL", "DEBUG"));
    }

    @AfterEach
    void heal() {
        scene.cluster.heal();
    }

    @AfterAll
    void end() {
        scene.close();
    }

    @Test
    void aPodThatIsBackWhenItIsAskedForKeepsItsAgent() {
        SimulatedAgent agent = scene.runs("back");
        scene.cluster.fail(GET, new KubernetesFault.Delay(Duration.ofSeconds(2)), 1);
        String first = scene.cluster.uid(scene.namespace, "back");

        scene.dies("back");
        eventually().until(() -> gets("back") == 1);
        scene.runs(scene.pod("back"));
        scene.pool.registerReplacing("back", Map.of());
        assertThat(scene.cluster.uid(scene.namespace, "back")).isNotEqualTo(first);

        scene.awaitPast();
        assertThat(scene.hasAgent("back")).isTrue();
        assertThat(scene.deletesOf(agent)).isEmpty();
    }

    static Stream<Arguments> whatSaysNothingOfThePod() {
        return Stream.of(
                argumentSet("a proxy's 404", KubernetesFault.htmlNotFound()),
                argumentSet("a 404 for the path", KubernetesFault.status(404, "NotFound", "no such resource")),
                argumentSet("401", KubernetesFault.unauthorized()),
                argumentSet("403", KubernetesFault.forbidden()),
                argumentSet("429", KubernetesFault.tooManyRequests()),
                argumentSet("500", KubernetesFault.internalError()),
                argumentSet("half a body", new KubernetesFault.HalfBody()),
                argumentSet("a lost connection", new KubernetesFault.Cut()));
    }

    @ParameterizedTest
    @MethodSource("whatSaysNothingOfThePod")
    void anAnswerThatSaysNothingOfThePodRemovesNothing(KubernetesFault fault) {
        String name = "unsure-" + ++names;
        SimulatedAgent agent = scene.runs(name);
        scene.cluster.fail(GET, fault);

        scene.dies(name);
        eventually().until(() -> gets(name) >= 2);
        assertThat(scene.deletesOf(agent)).isEmpty();

        scene.cluster.heal();
        scene.awaitRemoved(name);
    }

    @Test
    void nothingIsRemovedWhileTheWatchIsBroken() {
        SimulatedAgent agent = scene.runs("unwatched");
        scene.pool.busy("unwatched", true);
        scene.dies("unwatched");
        eventually().until(() -> !scene.deletesOf(agent).isEmpty());

        scene.cluster.fail(LIST, KubernetesFault.internalError());
        int lists = scene.cluster.requests(LIST).size();
        scene.cluster.cutWatches();
        eventually().until(() -> scene.cluster.requests(LIST).size() > lists);
        scene.pool.busy("unwatched", false);
        long before = gets("unwatched");
        eventually().until(() -> gets("unwatched") >= before + 2);
        assertThat(scene.hasAgent("unwatched")).isTrue();

        scene.cluster.heal();
        scene.awaitRemoved("unwatched");
    }

    @Test
    void aNotFoundThatTheWatchContradictsRemovesNothing() {
        double keptBefore = kept();
        SimulatedAgent agent = scene.runs("contradicted");
        scene.pool.busy("contradicted", true);
        scene.dies("contradicted");
        eventually().until(() -> !scene.deletesOf(agent).isEmpty());
        scene.cluster.fail(GET, KubernetesFault.notFound("contradicted"));

        // Its agent stays busy, so that nothing but the watch can end the attempts.
        scene.runs(scene.pod("contradicted"));

        eventually().until(() -> kept() == keptBefore + 1);
    }

    @Test
    void aPodThatComesBetweenTheLiveCheckAndTheDeleteKeepsWhatItRegistersAfter() {
        scene.runs("just-now");
        scene.azure.onDelete(agent -> {
            if (agent.name().equals("just-now")) {
                scene.runs(scene.pod("just-now"));
            }
        });

        scene.dies("just-now");
        scene.awaitRemoved("just-now");
        SimulatedAgent successor = scene.pool.registerReplacing("just-now", Map.of());

        scene.awaitPast();
        assertThat(scene.hasAgent("just-now")).isTrue();
        assertThat(scene.deletesOf(successor)).isEmpty();
    }

    @Test
    void aPodThatComesWhileThePoolItselfIsLookedUpKeepsItsAgent() {
        SimulatedAgent busy = scene.runs("long-job");
        scene.pool.busy("long-job", true);
        SimulatedAgent agent = scene.runs("meanwhile");
        scene.dies("long-job");
        eventually().until(() -> !scene.deletesOf(busy).isEmpty());
        scene.azure.failNext(1, AzureDevOpsFault.poolNotFound(), LIST_AGENTS);
        int lists = scene.requests(LIST_AGENTS).size();
        eventually().until(() -> scene.requests(LIST_AGENTS).size() > lists);
        double keptBefore = kept();
        scene.azure.failNext(1, AzureDevOpsFault.meanwhile(() -> scene.runs(scene.pod("meanwhile"))), FIND_POOL);

        scene.dies("meanwhile");

        eventually().until(() -> kept() == keptBefore + 1);
        assertThat(scene.deletesOf(agent)).isEmpty();
        scene.pool.busy("long-job", false);
        scene.awaitRemoved("long-job");
    }

    private double kept() {
        return metric(scene.program(), "agent_reaper_removals_total", "outcome=\"kept\"");
    }

    private long gets(String pod) {
        return scene.cluster.requests(GET).stream()
                .filter(request -> request.path().endsWith("/" + pod))
                .count();
    }
}
