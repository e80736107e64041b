package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.simulator.KubernetesOperation.LIST;
import static dev.agentreaper.simulator.KubernetesOperation.WATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentreaper.simulator.KubernetesCluster.Snapshot;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong with the lists that a watch begins with, and that no pod's end is imagined for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListFaultsIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();
    private final KubernetesSimulator cluster = scene.cluster;
    private int names;

    @BeforeAll
    void startTheProgram() {
        scene.started(scene.configured().env("QUARKUS_LOG_LEVEL", "DEBUG"));
    }

    @AfterEach
    void heal() {
        cluster.heal();
    }

    @AfterAll
    void end() {
        scene.close();
    }

    @Test
    void aListOfAnEarlierStateImaginesNoEnd() {
        scene.runs("before-the-list");
        scene.awaitPast();
        long earlier = cluster.resourceVersion();
        scene.runs("after-the-list");
        scene.awaitPast();

        cluster.fail(LIST, new KubernetesFault.Stale(earlier), 1);
        cluster.cutWatches();
        eventually().until(() -> cluster.openWatches() == 1);
        scene.awaitPast();
        assertThat(scene.hasAgent("before-the-list")).isTrue();
        assertThat(scene.hasAgent("after-the-list")).isTrue();

        scene.dies("after-the-list");
        scene.awaitRemoved("after-the-list");
    }

    @Test
    void whatARestoredClusterLacksKeepsItsAgent() {
        scene.runs("before-the-snapshot");
        Snapshot snapshot = cluster.snapshot();
        scene.runs("after-the-snapshot");
        scene.awaitPast();

        int watches = count(WATCH);
        snapshot.restore();
        eventually().until(() -> count(WATCH) > watches);
        scene.awaitPast();
        assertThat(scene.hasAgent("after-the-snapshot")).isTrue();

        scene.dies("before-the-snapshot");
        scene.awaitRemoved("before-the-snapshot");
    }

    static Stream<Arguments> whatIsNoList() {
        return Stream.of(
                argumentSet("half a list", new KubernetesFault.HalfBody()),
                argumentSet("403", KubernetesFault.forbidden()),
                argumentSet("429", KubernetesFault.tooManyRequests()),
                argumentSet("500", KubernetesFault.internalError()),
                argumentSet("504", KubernetesFault.tooLargeResourceVersion()));
    }

    @ParameterizedTest
    @MethodSource("whatIsNoList")
    void aListThatIsCutShortOrRefusedSaysNothing(KubernetesFault fault) {
        String name = "half-listed-" + ++names;
        List<String> live = scene.run(3, name);
        scene.awaitPast();
        cluster.fail(LIST, fault);
        int lists = count(LIST);

        cluster.cutWatches();
        eventually().until(() -> count(LIST) >= lists + 3);
        assertThat(live).allMatch(scene::hasAgent);
        scene.dies(name + "-1");

        cluster.heal();
        scene.awaitRemoved(name + "-1");
        scene.awaitPast();
        assertThat(scene.hasAgent(name + "-0")).isTrue();
        assertThat(scene.hasAgent(name + "-2")).isTrue();
    }

    private int count(KubernetesOperation operation) {
        return cluster.requests(operation).size();
    }
}
