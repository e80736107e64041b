package dev.agentreaper.program;

import static dev.agentreaper.simulator.KubernetesOperation.LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sweeps beside the watch, in the running program. */
class SweepInRunIT {
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void theAgentOfAPodOnALostNodeIsSweptThoughTheWatchStillHasThePod() {
        scene.running("agent-lost");
        scene.running("agent-works");
        scene.straggler("agent-lost");
        scene.pool.register("agent-works", Map.of());
        cluster.deleteGracefully(scene.namespace, "agent-lost", Duration.ofSeconds(1));

        try (Program _ = scene.env("REAPER_SWEEP_EVERY", "1s")
                .env("REAPER_SWEEP_OFFLINE_FOR", "2s")
                .start("run")) {
            await().atMost(OneShotScene.WITHIN)
                    .until(() -> scene.pool.find("agent-lost").isEmpty());
        }

        assertThat(scene.pool.agents()).extracting(SimulatedAgent::name).containsExactly("agent-works");
        assertThat(cluster.pod(scene.namespace, "agent-lost")).isPresent();
    }

    @Test
    void theAgentOfAPodThatWasBornAndGoneUnseenIsSwept() {
        scene.running("agent-works");
        scene.pool.register("agent-works", Map.of());

        try (Program run = scene.env("REAPER_SWEEP_EVERY", "1s")
                .env("REAPER_SWEEP_OFFLINE_FOR", "2s")
                .start("run")) {
            await().atMost(OneShotScene.WITHIN).until(run::isReady);
            cluster.fail(LIST, KubernetesFault.internalError());
            cluster.cutWatches();
            scene.running("agent-brief");
            scene.pool.register("agent-brief", Map.of());
            cluster.delete(scene.namespace, "agent-brief");
            cluster.compact();
            scene.pool.goOffline("agent-brief");
            cluster.heal();

            await().atMost(OneShotScene.WITHIN)
                    .until(() -> lines(run, " removed pool=default agent=agent-brief ") == 1);
            assertThat(run.log()).anyMatch(line -> line.contains(" agent=agent-brief pod=- trigger=sweep "));
        }

        assertThat(scene.pool.agents()).extracting(SimulatedAgent::name).containsExactly("agent-works");
    }

    @Test
    void aPodThatAStaleListLacksKeepsItsAgentWhereTheWatchHasThePod() {
        scene.running("agent-works");
        scene.pool.register("agent-works", Map.of());
        long earlier = cluster.resourceVersion();

        try (Program run = scene.env("REAPER_SWEEP_EVERY", "1s").start("run")) {
            await().atMost(OneShotScene.WITHIN).until(run::isReady);
            cluster.fail(LIST, new KubernetesFault.Stale(earlier));
            scene.running("agent-new");
            scene.running("agent-marker");
            scene.pool.register("agent-marker", Map.of());
            cluster.delete(scene.namespace, "agent-marker");
            await().atMost(OneShotScene.WITHIN)
                    .until(() -> scene.pool.find("agent-marker").isEmpty());
            scene.straggler("agent-new");

            await().atMost(OneShotScene.WITHIN)
                    .until(() ->
                            Scene.metric(run, "agent_reaper_removals_total", "trigger=\"sweep\"", "outcome=\"kept\"")
                                    >= 1);
        }

        assertThat(scene.pool.agents()).extracting(SimulatedAgent::name).containsExactly("agent-works", "agent-new");
    }

    @Test
    void aStoppingProgramBeginsNoMoreRemovalsOfASweepAndRecordsThoseInFlight() {
        scene.running("agent-works");
        scene.pool.register("agent-works", Map.of());
        IntStream.range(0, 40).forEach(i -> scene.straggler("agent-" + i));
        scene.azure.answerAfter(Duration.ofSeconds(1), AzureDevOpsOperation.DELETE_AGENT);

        try (Program run = scene.start("run")) {
            await().atMost(OneShotScene.WITHIN).until(() -> deletes() > 0);
            run.terminate();

            assertThat(run.exitCode(OneShotScene.WITHIN)).isZero();
            assertThat(deletes()).isLessThan(40);
            assertThat(run.log().stream().filter(line -> line.contains(" removed pool=default ")))
                    .hasSize((int) deletes());
        }
    }

    @Test
    void aSelectorThatChoosesNothingIsToldOnce() {
        scene.running("agent-works");
        scene.pool.register("agent-works", Map.of());

        try (Program run = scene.env("REAPER_POD_SELECTOR", "app=nobody")
                .env("REAPER_SWEEP_EVERY", "1s")
                .start("run")) {
            await().atMost(OneShotScene.WITHIN).until(() -> lines(run, "swept pool=default pods=0 agents=1 ") >= 3);

            assertThat(OneShotScene.warnings(run.log()))
                    .singleElement()
                    .asString()
                    .contains("REAPER_POD_SELECTOR");
        }
    }

    private static long lines(Program run, String text) {
        return run.log().stream().filter(line -> line.contains(text)).count();
    }

    private long deletes() {
        return scene.azure.requests().stream()
                .filter(request -> request.operation() == AzureDevOpsOperation.DELETE_AGENT)
                .count();
    }
}
