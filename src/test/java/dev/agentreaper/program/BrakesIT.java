package dev.agentreaper.program;

import static dev.agentreaper.program.OneShotScene.podNamed;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What holds a sweep back: that each brake holds where it is for, and not in the harmless situation that looks like it. All
 * pools are swept once, by one {@code sweep}, in which each is a situation of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrakesIT {
    private static final String REMOVED = "REMOVE removed";
    private static final Duration OLD = Duration.ofMinutes(10);

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);
    private Ended swept;

    @BeforeAll
    void sweep() {
        for (String pool : List.of("outage", "one-online", "young-pods", "one-pod", "scaled-to-zero")) {
            scene.inFile(pool);
            straggler(pool);
        }
        runs("outage", "agent-1", OLD);
        runs("outage", "agent-2", OLD);
        pool("outage").register("agent-of-another-cluster", Map.of());
        runs("one-online", "agent-1", OLD);
        runs("one-online", "agent-2", OLD);
        pool("one-online").goOnline("agent-2");
        runs("young-pods", "agent-1", Duration.ofMinutes(4));
        runs("young-pods", "agent-2", Duration.ofMinutes(4));
        runs("one-pod", "agent-1", OLD);

        scene.inFile("over-limit", "sweep: {max-removals: 2}");
        scene.inFile("at-limit", "sweep: {max-removals: 3}");
        scene.inFile("limit-and-one-refused", "sweep: {max-removals: 1}")
                .failNext(1, AzureDevOpsFault.answer(400, Map.of(), "{}"), DELETE_AGENT);
        scene.inFile("limit-and-one-busy", "sweep: {max-removals: 1}");
        scene.inFile("limit-and-unavailable", "sweep: {max-removals: 1}")
                .fail(AzureDevOpsFault.unavailable(), DELETE_AGENT);
        for (String pool : List.of(
                "over-limit", "at-limit", "limit-and-one-refused", "limit-and-one-busy", "limit-and-unavailable")) {
            for (int hours = 1; hours <= 3; hours++) {
                OneShotScene.offline(pool(pool), "agent-" + hours + "h", Duration.ofHours(hours));
            }
        }
        scene.organization("limit-and-one-busy").failNext(1, AzureDevOpsFault.answer(400, Map.of(), """
                {"typeKey": "TaskAgentJobStillRunningException", "message": "Agent is running a job"}"""), DELETE_AGENT);
        scene.inFile("limit-and-all-refused", "sweep: {max-removals: 1}")
                .fail(AzureDevOpsFault.answer(400, Map.of(), "{}"), DELETE_AGENT);
        IntStream.range(0, 60).forEach(i -> OneShotScene.straggler(pool("limit-and-all-refused"), "agent-" + i));

        for (String pool :
                List.of("unmapped", "many-unmapped", "unbound", "of-another-label", "ended", "mapped", "three-pages")) {
            scene.inFile(pool);
            straggler(pool);
        }
        scene.running(unmappable(podNamed("unmapped", "pod-1")));
        for (int i = 1; i <= 7; i++) {
            scene.running(unmappable(podNamed("many-unmapped", "pod-" + i)));
        }
        cluster.create(unmappable(KubernetesPod.of("unbound", "pod-1").label(OneShotScene.LABEL, "agent")));
        scene.running(unmappable(KubernetesPod.of("of-another-label", "pod-1")
                .label(OneShotScene.LABEL, "other")
                .node("node-1")));
        scene.running(unmappable(podNamed("ended", "pod-1")));
        cluster.patchStatus("ended", "pod-1", "Succeeded", null);
        scene.running(podNamed("mapped", "pod-1").env("AZP_AGENT_NAME", "agent-of-pod-1"));
        OneShotScene.straggler(pool("mapped"), "agent-of-pod-1");
        for (int i = 0; i <= 1000; i++) {
            cluster.create(podNamed("three-pages", "agent-" + i));
        }
        OneShotScene.straggler(pool("three-pages"), "agent-0");
        OneShotScene.straggler(pool("three-pages"), "agent-1000");
        OneShotScene.straggler(pool("three-pages"), "agent-999");

        swept = scene.run("sweep", "--output", "json");
    }

    @AfterAll
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void podsThatHaveHadTimeAndNoneOfWhoseAgentsIsOnlineAreAnOutage() {
        assertThat(verdicts("outage"))
                .containsEntry("agent-straggler", "KEEP OUTAGE")
                .containsEntry("agent-of-another-cluster", "KEEP ONLINE");
        assertThat(OneShotScene.names(pool("outage"))).contains("agent-straggler");
    }

    @Test
    void scaledToZeroIsNoOutage() {
        assertThat(verdicts("scaled-to-zero")).containsEntry("agent-straggler", REMOVED);
    }

    @Test
    void oneOnlineAgentOfAPodsNameIsNoOutage() {
        assertThat(verdicts("one-online"))
                .containsEntry("agent-straggler", REMOVED)
                .containsEntry("agent-1", "KEEP POD_ALIVE")
                .containsEntry("agent-2", "KEEP POD_ALIVE");
    }

    @Test
    void podsYoungerThanFiveMinutesAreNoOutage() {
        assertThat(verdicts("young-pods")).containsEntry("agent-straggler", REMOVED);
    }

    @Test
    void onePodAloneIsNoOutage() {
        assertThat(verdicts("one-pod")).containsEntry("agent-straggler", REMOVED);
    }

    @Test
    void moreStragglersThanTheLimitAreLeftTheShortestOfflineOnes() {
        assertThat(verdicts("over-limit"))
                .isEqualTo(Map.of("agent-3h", REMOVED, "agent-2h", REMOVED, "agent-1h", "KEEP LIMIT"));
        assertThat(OneShotScene.names(pool("over-limit"))).containsExactly("agent-1h");
    }

    @Test
    void asManyStragglersAsTheLimitAllGo() {
        assertThat(verdicts("at-limit"))
                .isEqualTo(Map.of("agent-3h", REMOVED, "agent-2h", REMOVED, "agent-1h", REMOVED));
    }

    @Test
    void anAgentThatCanNotBeDeletedDoesNotUseUpTheLimit() {
        assertThat(verdicts("limit-and-one-refused"))
                .isEqualTo(Map.of("agent-3h", "REMOVE failed", "agent-2h", REMOVED, "agent-1h", "KEEP LIMIT"));
        assertThat(verdicts("limit-and-one-busy"))
                .isEqualTo(Map.of("agent-3h", "KEEP BUSY", "agent-2h", REMOVED, "agent-1h", "KEEP LIMIT"));
    }

    @Test
    void aDeletionThatMayHaveWorkedUsesUpTheLimit() {
        assertThat(verdicts("limit-and-unavailable"))
                .isEqualTo(Map.of("agent-3h", "REMOVE failed", "agent-2h", "KEEP LIMIT", "agent-1h", "KEEP LIMIT"));
        assertThat(deletes("limit-and-unavailable")).isEqualTo(1);
    }

    @Test
    void aServiceThatRefusesAllIsNotAskedForAll() {
        assertThat(deletes("limit-and-all-refused")).isEqualTo(1 + 50);
        assertThat(Collections.frequency(verdicts("limit-and-all-refused").values(), "KEEP LIMIT"))
                .isEqualTo(60 - 51);
    }

    @Test
    void aPodWhoseAgentNameCanNotBeToldKeepsItsPoolWhole() {
        assertThat(verdicts("unmapped")).isEqualTo(Map.of("agent-straggler", "KEEP UNMAPPED"));
        assertThat(swept.exitCode()).isEqualTo(1);
        assertThat(swept.warnings())
                .filteredOn(line -> line.contains("pool unmapped is not swept"))
                .singleElement()
                .asString()
                .contains("unmapped/pod-1", "AZP_AGENT_NAME");
    }

    @Test
    void ofManyPodsWhoseAgentNamesCanNotBeToldFiveAreNamed() {
        assertThat(swept.warnings())
                .filteredOn(line -> line.contains("pool many-unmapped is not swept"))
                .hasSize(6)
                .last()
                .asString()
                .contains("nor can the agent names of 2 more pods be told");
    }

    @Test
    void aPodThatIsNotYetBoundToANodeIsNotUnmapped() {
        assertThat(verdicts("unbound")).containsEntry("agent-straggler", REMOVED);
    }

    @Test
    void aPodOfAnotherLabelIsNotUnmapped() {
        assertThat(verdicts("of-another-label")).containsEntry("agent-straggler", REMOVED);
    }

    @Test
    void aPodThatHasEndedIsNotUnmapped() {
        assertThat(verdicts("ended")).containsEntry("agent-straggler", REMOVED);
    }

    @Test
    void aPodThatNamesItsAgentIsNotUnmapped() {
        assertThat(verdicts("mapped"))
                .isEqualTo(Map.of("agent-straggler", REMOVED, "agent-of-pod-1", "KEEP POD_ALIVE"));
    }

    @Test
    void aListOfPodsInSeveralPagesIsComplete() {
        assertThat(verdicts("three-pages"))
                .isEqualTo(Map.of(
                        "agent-straggler", REMOVED,
                        "agent-0", "KEEP POD_ALIVE",
                        "agent-999", "KEEP POD_ALIVE",
                        "agent-1000", "KEEP POD_ALIVE"));
        assertThat(swept.pool("three-pages").path("pods").asInt()).isEqualTo(1001);
    }

    @Test
    void brakesHoldNoEventUpAndLetGoByThemselves() {
        try (KubernetesSimulator others = KubernetesSimulator.start();
                OneShotScene running = new OneShotScene(others)) {
            running.inFile("unmapped");
            running.inFile("outage");
            running.inFile("limit", "sweep: {max-removals: 1}");
            running.running(podNamed("unmapped", "agent-1"));
            running.running(unmappable(podNamed("unmapped", "agent-2")));
            for (String pod : List.of("agent-1", "agent-2", "agent-3")) {
                running.running(podNamed("outage", pod), Instant.now().minus(OLD));
                OneShotScene.straggler(running.pool("outage"), pod);
            }
            running.pool("unmapped").register("agent-1", Map.of());
            running.pool("limit").register("agent-online", Map.of());
            for (String pool : List.of("unmapped", "outage", "limit")) {
                OneShotScene.straggler(running.pool(pool), "agent-straggler");
            }
            OneShotScene.straggler(running.pool("limit"), "agent-straggler-2");

            try (Program run = running.env("REAPER_SWEEP_EVERY", "1s").start("run")) {
                awaitLeft(running, "limit", "agent-online");
                others.delete("unmapped", "agent-1");
                others.delete("outage", "agent-1");
                awaitLeft(running, "unmapped", "agent-straggler");
                awaitLeft(running, "outage", "agent-2", "agent-3", "agent-straggler");
                eventually()
                        .until(() -> Scene.linesWith(run, "swept pool=unmapped ")
                                                .size()
                                        >= 3
                                && Scene.linesWith(run, "swept pool=outage ").size() >= 3);
                awaitLeft(running, "unmapped", "agent-straggler");
                awaitLeft(running, "outage", "agent-2", "agent-3", "agent-straggler");

                others.delete("unmapped", "agent-2");
                running.pool("outage").goOnline("agent-2");
                awaitLeft(running, "unmapped");
                awaitLeft(running, "outage", "agent-2", "agent-3");
                assertThat(Scene.linesWith(run, "removed pool=limit ")).hasSize(2);
                assertThat(Scene.linesWith(run, "swept pool=limit "))
                        .filteredOn(line -> line.contains(" removed=1 "))
                        .hasSize(2);
            }
        }
    }

    private static void awaitLeft(OneShotScene scene, String pool, String... left) {
        eventually()
                .untilAsserted(
                        () -> assertThat(OneShotScene.names(scene.pool(pool))).containsExactlyInAnyOrder(left));
    }

    private AzureDevOpsPool pool(String name) {
        return scene.pool(name);
    }

    /** An agent that goes unless a brake holds. */
    private void straggler(String pool) {
        OneShotScene.straggler(pool(pool), "agent-straggler");
    }

    /** Lets a pod run for so long whose agent is not online. */
    private void runs(String pool, String pod, Duration since) {
        scene.running(podNamed(pool, pod), Instant.now().minus(since));
        OneShotScene.straggler(pool(pool), pod);
    }

    private static KubernetesPod unmappable(KubernetesPod pod) {
        return pod.envFromSecret("AZP_AGENT_NAME", "names", "name");
    }

    private Map<String, String> verdicts(String pool) {
        return swept.verdicts(pool);
    }

    private long deletes(String pool) {
        return scene.organization(pool).requests().stream()
                .filter(request -> request.operation() == DELETE_AGENT)
                .count();
    }
}
