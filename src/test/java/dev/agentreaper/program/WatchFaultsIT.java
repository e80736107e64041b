package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.complaints;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.simulator.KubernetesOperation.LIST;
import static dev.agentreaper.simulator.KubernetesOperation.WATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesJson;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
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

/** What goes wrong with watches, and that no pod's end is missed and none imagined for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WatchFaultsIT {
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
        assertThat(cluster.requests(WATCH).get(watches).query())
                .containsEntry("resourceVersion", Long.toString(reached))
                .containsEntry("allowWatchBookmarks", "true")
                .containsKey("timeoutSeconds");
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
                argumentSet("410 as the answer", refusedWith(KubernetesFault.expired())),
                argumentSet("history that is forgotten", (Consumer<KubernetesSimulator>) cluster -> {
                    cluster.fail(WATCH, new KubernetesFault.Delay(Duration.ofSeconds(1)), 1);
                    cluster.endWatches();
                    cluster.createNamespace("elsewhere");
                    cluster.create(KubernetesPod.of("elsewhere", "of-another-application"));
                    cluster.compact();
                }),
                argumentSet("504 in the stream, as after a restore", (Consumer<KubernetesSimulator>)
                        cluster -> cluster.tellWatches(
                                KubernetesJson.event("ERROR", KubernetesJson.tooLargeResourceVersion(2, 1)))),
                argumentSet("504 as the answer", refusedWith(KubernetesFault.tooLargeResourceVersion())),
                argumentSet("403 as the answer", refusedWith(KubernetesFault.forbidden())),
                argumentSet("a lost connection", (Consumer<KubernetesSimulator>) KubernetesSimulator::cutWatches),
                argumentSet("what is no event", (Consumer<KubernetesSimulator>)
                        cluster -> cluster.tellWatches("<html>504 Gateway Time-out</html>\n")));
    }

    private static Consumer<KubernetesSimulator> refusedWith(KubernetesFault fault) {
        return cluster -> {
            cluster.fail(WATCH, fault, 1);
            cluster.endWatches();
        };
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
    void aWatchThatSaidNothingIsFollowedByAList() {
        scene.awaitPast();
        int lists = count(LIST);
        int watches = count(WATCH);
        // Longer than a watch that failed at once.
        cluster.fail(WATCH, new KubernetesFault.Delay(Duration.ofMillis(1_200)), 1);

        cluster.endWatches();
        eventually().until(() -> count(WATCH) > watches && cluster.openWatches() == 1);
        assertThat(count(LIST)).isEqualTo(lists);
        cluster.endWatches();

        eventually().until(() -> count(LIST) > lists && count(WATCH) > watches + 1);
    }

    @Test
    void eventsInTheWrongOrderHideNoLivePod() {
        scene.runs(scene.pod("reordered-a").env("AZP_AGENT_NAME", "reordered"));
        scene.runs(scene.pod("reordered-b").env("AZP_AGENT_NAME", "reordered"));
        scene.pool.register("reordered", Map.of());
        String endOfTheFirst = KubernetesJson.event(
                "DELETED", cluster.pod(scene.namespace, "reordered-b").orElseThrow());
        scene.dies("reordered-b");
        scene.runs(scene.pod("reordered-b").env("AZP_AGENT_NAME", "reordered"));
        scene.awaitPast();

        int watches = count(WATCH);
        cluster.tellWatches(endOfTheFirst);
        eventually().until(() -> count(WATCH) > watches);
        scene.dies("reordered-a");
        scene.awaitPast();
        assertThat(scene.hasAgent("reordered")).isTrue();

        scene.dies("reordered-b");
        scene.awaitRemoved("reordered");
    }

    private int count(KubernetesOperation operation) {
        return cluster.requests(operation).size();
    }

    private Map<String, String> lastWatch() {
        return cluster.requests(WATCH).getLast().query();
    }
}
