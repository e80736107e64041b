package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.complaints;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static dev.agentreaper.program.Scene.metric;
import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.KubernetesOperation.LIST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Programs that are killed, stopped, started again, that run side by side, and that are confined. */
class ProcessesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void end() {
        scene.close();
    }

    /** Each is killed at the moment when Azure DevOps has done so many DELETEs and not yet answered the last. */
    @Test
    void aNewProcessFinishesWhatKilledOnesHaveBegun() {
        List<String> agents = scene.run(60, "burst");
        scene.runs("lives");
        AtomicInteger untilKilled = new AtomicInteger(Integer.MAX_VALUE);
        scene.azure.onDelete(agent -> {
            if (untilKilled.decrementAndGet() == 0) {
                scene.program().kill();
            }
        });
        scene.azure.answerAfter(Duration.ofMillis(100), DELETE_AGENT);

        Program killed = scene.started();
        PrimitiveIterator.OfInt deletes = new Random(20).ints(3, 1, 16).iterator();
        untilKilled.set(deletes.next());
        agents.forEach(pod -> scene.ends(pod, pod.hashCode() % 2 == 0 ? "Failed" : "Succeeded"));
        killed.exitCode(PATIENCE);
        while (deletes.hasNext()) {
            untilKilled.set(deletes.next());
            scene.start(scene.configured()).exitCode(PATIENCE);
        }
        assertThat(scene.pool.agents()).hasSizeGreaterThan(8);

        Program last = scene.started();
        agents.forEach(scene::awaitRemoved);
        scene.awaitIdle();
        assertThat(scene.hasAgent("lives")).isTrue();
        assertThat(complaints(last)).isEmpty();
    }

    @Test
    void aProgramThatIsStoppedDoesNotWaitForJobs() {
        scene.run(40, "busy").forEach(agent -> scene.pool.busy(agent, true));
        Program program = scene.started();
        IntStream.range(0, 40).forEach(i -> scene.dies("busy-" + i));
        eventually().until(() -> deletes() == 40);

        program.terminate();

        assertThat(program.exitCode(Duration.ofSeconds(15))).isZero();
        assertThat(linesWith(program, "40 removal(s) are left to the next start, or the next sweep"))
                .hasSize(1);
    }

    @Test
    void aSweepRemovesWhatAKilledProcessCouldNoLonger() {
        List<String> agents = scene.run(20, "burst");
        scene.runs("lives");
        Program killed = scene.started();
        scene.azure.answerAfter(Duration.ofMillis(200), DELETE_AGENT);

        agents.forEach(scene::dies);
        eventually().until(() -> deletes() >= 1);
        killed.kill();
        killed.exitCode(PATIENCE);
        List<String> left = agents.stream().filter(scene::hasAgent).toList();
        // Azure DevOps' clock, in the Date of its answers, has whole seconds: what is later in this one is in its
        // future.
        left.forEach(agent -> scene.pool.offlineSince(agent, Instant.now().minusSeconds(60)));
        assertThat(left).isNotEmpty();

        try (Program sweep =
                scene.configured().env("REAPER_SWEEP_AGENTS", "burst-*").start("sweep", "--offline-for", "0s")) {
            assertThat(sweep.exitCode(PATIENCE)).isZero();
            assertThat(complaints(sweep)).isEmpty();
        }
        assertThat(agents).noneMatch(scene::hasAgent);
        assertThat(scene.hasAgent("lives")).isTrue();
    }

    @Test
    void aProgramThatIsStoppedFinishesWhatIsInFlightAndTakesNoMore() {
        List<String> agents = scene.run(8, "in-flight");
        scene.runs("too-late");
        Program program = scene.started();
        scene.azure.answerAfter(Duration.ofSeconds(1), DELETE_AGENT);
        agents.forEach(scene::dies);
        eventually().until(() -> deletes() == 8);

        program.terminate();
        eventually().until(() -> !linesWith(program, "stopping").isEmpty());
        scene.dies("too-late");

        assertThat(program.exitCode(PATIENCE)).isZero();
        assertThat(linesWith(program, " removed pool=")).hasSize(8);
        assertThat(complaints(program)).isEmpty();
        assertThat(scene.hasAgent("too-late")).isTrue();
    }

    @Test
    void aProgramThatIsStoppedFinishesWhatWaitsForItsTurn() {
        List<String> agents = scene.run(24, "burst");
        Program program = scene.started();
        scene.azure.answerAfter(Duration.ofSeconds(2), DELETE_AGENT);
        agents.forEach(scene::dies);
        eventually().until(() -> metric(program, "agent_reaper_pending_removals") == 24);

        program.terminate();

        assertThat(program.exitCode(PATIENCE)).isZero();
        assertThat(scene.pool.agents()).isEmpty();
        assertThat(linesWith(program, " removed pool=")).hasSize(24);
        assertThat(complaints(program)).isEmpty();
    }

    @Test
    void aProgramThatIsStoppedWaitsNoLongerThanItMay() {
        scene.runs("slow");
        Program program = scene.started(scene.configured().env("REAPER_SHUTDOWN_TIMEOUT", "1s"));
        scene.azure.answerAfter(Duration.ofMinutes(5), DELETE_AGENT);
        scene.dies("slow");
        eventually().until(() -> deletes() == 1);

        program.terminate();

        assertThat(program.exitCode(PATIENCE)).isZero();
    }

    @Test
    void aProgramThatIsStoppedDoesNotWaitForASweepThatCannotBegin() {
        scene.cluster.fail(LIST, KubernetesFault.forbidden());
        Program program =
                scene.start(scene.configured().env("REAPER_SWEEP_EVERY", "1h").env("REAPER_SWEEP_AGENTS", "*"));
        // By then, more than a second later, the first sweep waits for the watch.
        eventually().until(() -> scene.cluster.requests(LIST).size() >= 6);

        program.terminate();

        // A sweep waits half a minute for a watch.
        assertThat(program.exitCode(Duration.ofSeconds(20))).isZero();
    }

    @Test
    void twoProgramsSideBySideRemoveEachAgentOnce() {
        List<String> agents = scene.run(60, "burst");
        scene.runs("lives");
        Program one = scene.started();
        Program other = scene.started();
        scene.azure.answerAfter(Duration.ofMillis(20), DELETE_AGENT);

        agents.forEach(scene::dies);
        agents.forEach(scene::awaitRemoved);
        scene.awaitPast();

        assertThat(scene.hasAgent("lives")).isTrue();
        assertThat(scene.requests(DELETE_AGENT))
                .filteredOn(request -> request.status() == 204)
                .hasSize(61);
        assertThat(scene.requests(DELETE_AGENT))
                .extracting(ReceivedRequest::status)
                .containsOnly(204, 404);
        assertThat(Stream.of(one, other).flatMap(program -> complaints(program).stream()))
                .isEmpty();
        assertThat(Stream.of(one, other).flatMap(program -> linesWith(program, " removed pool=").stream()))
                .hasSize(61);
    }

    @Test
    void aProgramThatMayWriteNoFileWorks() {
        scene.runs("agent");
        // Not even root can make a file there.
        Program program = scene.started(scene.configured().vmOption("-Djava.io.tmpdir=/proc"));

        scene.dies("agent");

        scene.awaitRemoved("agent");
        assertThat(complaints(program)).isEmpty();
    }

    private int deletes() {
        return scene.requests(DELETE_AGENT).size();
    }
}
