package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of {@code sweep} and {@code plan} when they are stopped, as by a deadline or a cancelled pipeline. */
class StoppedOneShotIT {
    /** Of SIGTERM, as shells have it. */
    private static final int STOPPED = 143;

    /** Less than answers are waited for: who still waits for one has not ended by then. */
    private static final Duration BEFORE_THE_ANSWER_IS_GIVEN_UP = Duration.ofSeconds(25);

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "sweep"})
    void itEndsAtOnceWhileAzureDevOpsDoesNotAnswerAndSaysInOneLineWhatItWaitedFor(String command) {
        scene.azure.fail(AzureDevOpsFault.hang());

        try (Program program = scene.start(command)) {
            await().atMost(OneShotScene.WITHIN)
                    .until(() -> !scene.azure.requests().isEmpty());
            program.terminate();

            assertThat(program.exitCode(BEFORE_THE_ANSWER_IS_GIVEN_UP)).isEqualTo(STOPPED);
            assertThat(program.output()).isEmpty();
            assertThat(program.log())
                    .singleElement()
                    .asString()
                    .endsWith(" WARN  stopped by SIGTERM while waiting for Azure DevOps at " + scene.azure.url()
                            + " to list the agents");
        }
    }

    @Test
    void itEndsAtOnceWhileTheApiServerDoesNotAnswer() {
        cluster.fail(KubernetesOperation.LIST, new KubernetesFault.Silence());

        try (Program program = scene.start("sweep")) {
            await().atMost(OneShotScene.WITHIN)
                    .until(() -> !cluster.requests(KubernetesOperation.LIST).isEmpty());
            program.terminate();

            assertThat(program.exitCode(BEFORE_THE_ANSWER_IS_GIVEN_UP)).isEqualTo(STOPPED);
            assertThat(program.log())
                    .singleElement()
                    .asString()
                    .endsWith(" WARN  stopped by SIGTERM while waiting for the Kubernetes API to list the pods");
        }
    }

    @Test
    void aSweepThatIsStoppedBeginsNoMoreRemovalsTurnsToNoOtherPoolAndReportsThoseInFlight() {
        scene.inFile("first");
        scene.inFile("second");
        IntStream.range(0, 40).forEach(i -> OneShotScene.straggler(scene.pool("first"), "agent-" + i));
        OneShotScene.straggler(scene.pool("second"), "agent-0");
        scene.organization("first").answerAfter(Duration.ofSeconds(1), AzureDevOpsOperation.DELETE_AGENT);

        try (Program program = scene.start("sweep", "--output", "json")) {
            await().atMost(OneShotScene.WITHIN).until(() -> deletes("first") > 0);
            program.terminate();

            assertThat(program.exitCode(OneShotScene.WITHIN)).isEqualTo(STOPPED);
            assertThat(program.log())
                    .filteredOn(line -> line.contains(" WARN "))
                    .singleElement()
                    .asString()
                    .contains("stopped by SIGTERM: finishing removals in flight");
            int removed = 40 - scene.pool("first").agents().size();
            assertThat(removed).isBetween(1, 39);
            assertThat(program.log().stream().filter(line -> line.contains(" removed pool=first ")))
                    .hasSize(removed);
            Map<String, String> verdicts = new Ended(STOPPED, program.output(), program.log()).verdicts("first");
            assertThat(verdicts.values()).filteredOn("REMOVE removed"::equals).hasSize(removed);
            assertThat(verdicts).hasSize(40).containsValue("REMOVE null");
            assertThat(scene.pool("second").agents()).hasSize(1);
        }
    }

    @Test
    void aSweepWaitsForARemovalInFlightNoLongerThanItMay() {
        scene.straggler("agent-1");
        scene.azure.fail(AzureDevOpsFault.hang(), AzureDevOpsOperation.DELETE_AGENT);

        try (Program program = scene.env("REAPER_SHUTDOWN_TIMEOUT", "1s").start("sweep")) {
            await().atMost(OneShotScene.WITHIN)
                    .until(() -> scene.azure.requests().stream()
                            .anyMatch(request -> request.operation() == AzureDevOpsOperation.DELETE_AGENT));
            program.terminate();

            assertThat(program.exitCode(BEFORE_THE_ANSWER_IS_GIVEN_UP)).isEqualTo(STOPPED);
            assertThat(program.log()).noneMatch(line -> line.startsWith("\tat "));
        }
    }

    @Test
    void itSaysWhatItWaitsForWhereThatTakesLong() {
        scene.azure.fail(AzureDevOpsFault.hang());

        try (Program program = scene.start("plan")) {
            await().atMost(OneShotScene.WITHIN).until(() -> !program.log().isEmpty());

            assertThat(program.isRunning()).isTrue();
            assertThat(program.log())
                    .singleElement()
                    .asString()
                    .endsWith(" INFO  pool default takes long, 10 s so far: waiting for Azure DevOps at "
                            + scene.azure.url() + " to list the agents");
        }
    }

    private long deletes(String pool) {
        return scene.organization(pool).requests().stream()
                .filter(request -> request.operation() == AzureDevOpsOperation.DELETE_AGENT)
                .count();
    }
}
