package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.complaints;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.simulator.KubernetesOperation.LIST;
import static dev.agentreaper.simulator.KubernetesOperation.WATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentreaper.simulator.KubernetesCluster.Snapshot;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesJson;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes wrong with watches and lists, and that no pod's end is missed and none imagined for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchFaultsIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();
    private final KubernetesSimulator cluster = scene.cluster;
    private int names;

    @BeforeAll
    void startTheProgram() {
        scene.started();
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
    void aWatchThatTheServerEndsGoesOnWhereItWas() {
        scene.runs("goes-on");
        scene.awaitPast();
        long reached = cluster.resourceVersion();
        int lists = count(LIST);
        int watches = count(WATCH);

        cluster.endWatches();
        eventually().until(() -> cluster.openWatches() == 1);
        scene.dies("goes-on");
        scene.awaitRemoved("goes-on");

        assertThat(count(LIST)).isEqualTo(lists);
        assertThat(count(WATCH)).isEqualTo(watches + 1);
        assertThat(lastWatch()).containsEntry("resourceVersion", Long.toString(reached));
        assertThat(lastWatch()).containsEntry("allowWatchBookmarks", "true").containsKey("timeoutSeconds");
    }

    @Test
    void aBookmarkMovesTheWatchOnWithoutAnEvent() {
        scene.awaitPast();
        cluster.create(KubernetesPod.of(scene.namespace, "of-another-application"));
        long bookmarked = cluster.resourceVersion();

        cluster.tellWatches(KubernetesJson.bookmark(bookmarked));
        scene.runs("after-the-bookmark");
        scene.awaitPast();
        cluster.tellWatches(KubernetesJson.bookmark(cluster.resourceVersion()));
        cluster.endWatches();
        eventually().until(() -> cluster.openWatches() == 1);

        assertThat(lastWatch()).containsEntry("resourceVersion", Long.toString(cluster.resourceVersion()));
        scene.dies("after-the-bookmark");
        scene.awaitRemoved("after-the-bookmark");
    }

    static Stream<Arguments> whatEndsAWatch() {
        return Stream.of(
                argumentSet("410 in the stream", (Consumer<KubernetesSimulator>)
                        cluster -> cluster.tellWatches(KubernetesJson.expired(1, 2))),
                argumentSet("410 as the answer", (Consumer<KubernetesSimulator>) cluster -> {
                    cluster.fail(WATCH, KubernetesFault.expired(), 1);
                    cluster.endWatches();
                }),
                argumentSet("history that is forgotten", (Consumer<KubernetesSimulator>) cluster -> {
                    cluster.fail(WATCH, new KubernetesFault.Delay(Duration.ofSeconds(1)), 1);
                    cluster.endWatches();
                    cluster.createNamespace("elsewhere");
                    cluster.create(KubernetesPod.of("elsewhere", "of-another-application"));
                    cluster.compact();
                }),
                argumentSet("a lost connection", (Consumer<KubernetesSimulator>) KubernetesSimulator::cutWatches),
                argumentSet("what is no event", (Consumer<KubernetesSimulator>)
                        cluster -> cluster.tellWatches("<html>504 Gateway Time-out</html>\n")));
    }

    @ParameterizedTest
    @MethodSource("whatEndsAWatch")
    void aPodThatDiesBetweenWatchesIsFoundMissing(Consumer<KubernetesSimulator> fault) {
        String name = "between-watches-" + ++names;
        scene.runs(name);
        scene.runs(name + "-lives");
        scene.awaitPast();
        int lists = count(LIST);
        cluster.fail(LIST, new KubernetesFault.Delay(Duration.ofSeconds(1)), 1);

        fault.accept(cluster);
        eventually().until(() -> count(LIST) == lists + 1);
        scene.dies(name);

        scene.awaitRemoved(name);
        scene.awaitPast();
        assertThat(scene.hasAgent(name + "-lives")).isTrue();
        assertThat(cluster.requests(LIST))
                .allSatisfy(list -> assertThat(list.query())
                        .containsOnlyKeys("labelSelector", "limit")
                        .containsEntry("limit", "500"));
    }

    @Test
    void watchesThatEndAsSoonAsTheyBeginAreNotAskedForWithoutEndAndPodsAreListedInstead() {
        scene.runs("unheard");
        scene.awaitPast();
        int watches = count(WATCH);
        int lists = count(LIST);
        cluster.fail(WATCH, new KubernetesFault.Answer(200, Map.of("Content-Type", "application/json"), ""));

        cluster.endWatches();
        eventually().until(() -> count(WATCH) > watches + 1);
        scene.dies("unheard");
        int listsBefore = count(LIST);
        eventually().until(() -> count(LIST) > listsBefore + 1);
        assertThat(count(WATCH) - watches).isLessThanOrEqualTo(count(LIST) - lists + 1);

        cluster.heal();
        scene.awaitRemoved("unheard");
    }

    @Test
    void whatIsNotKnownIsPassedOver() {
        int lists = count(LIST);
        cluster.tellWatches(KubernetesJson.unknownKind());
        cluster.create(scene.namespace, """
                {"metadata": {"name": "from-the-future", "labels": {"app": "%s"}, "realm": {"name": ["x"]}},
                 "spec": {"nodeName": "node-1", "placement": [[1, null]], "containers": [
                   {"name": "agent", "image": "x", "env": [{"name": "X", "valueFrom": {"fileKeyRef": {"key": "k"}}}],
                    "resizing": {"by": 1.5e3}}]},
                 "status": {"mood": {"good": true}}, "verdict": null}""".formatted(scene.namespace));
        scene.pool.register("from-the-future", Map.of());

        scene.dies("from-the-future");

        scene.awaitRemoved("from-the-future");
        assertThat(count(LIST)).isEqualTo(lists);
    }

    @Test
    void whatIsToldTwiceIsDoneOnce() {
        SimulatedAgent agent = scene.runs("told-twice");
        cluster.repeatLastEvents();
        scene.dies("told-twice");
        cluster.repeatLastEvents();
        cluster.repeatLastEvents();

        scene.awaitPast();

        assertThat(scene.hasAgent("told-twice")).isFalse();
        assertThat(scene.deletesOf(agent)).hasSize(1);
        assertThat(complaints(scene.program())).noneMatch(line -> line.contains("told-twice"));
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

    @Test
    void aListThatIsCutShortSaysNothing() {
        List<String> live = scene.run(3, "half-listed");
        scene.awaitPast();
        cluster.fail(LIST, new KubernetesFault.HalfBody());
        int lists = count(LIST);

        cluster.cutWatches();
        eventually().until(() -> count(LIST) >= lists + 3);
        assertThat(live).allMatch(scene::hasAgent);
        scene.dies("half-listed-1");

        cluster.heal();
        scene.awaitRemoved("half-listed-1");
        scene.awaitPast();
        assertThat(scene.hasAgent("half-listed-0")).isTrue();
        assertThat(scene.hasAgent("half-listed-2")).isTrue();
    }

    private int count(KubernetesOperation operation) {
        return cluster.requests(operation).size();
    }

    private Map<String, String> lastWatch() {
        return cluster.requests(WATCH).getLast().query();
    }
}
