package dev.agentreaper.program;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_AGENT;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What changes between a sweep's lists and its DELETE. */
class SweepReadsAgainIT {
    /** Longer than a list of pods is good for. */
    private static final Duration UNTIL_PODS_ARE_OLD = Duration.ofSeconds(11);

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void anAgentThatChangedSinceTheListIsDecidedAnew() {
        scene.env("REAPER_CAPABILITIES", "CLUSTER=here");
        for (int i = 1; i <= 20; i++) {
            OneShotScene.offline(scene.pool, "agent-old-" + i, Duration.ofHours(2));
        }
        for (String agent :
                new String[] {"agent-back", "agent-hired", "agent-switched-off", "agent-blinked", "agent-unregistered"
                }) {
            scene.straggler(agent);
        }
        AtomicBoolean changed = new AtomicBoolean();
        scene.azure.onDelete(first -> {
            if (!changed.getAndSet(true)) {
                scene.pool.goOnline("agent-back");
                scene.pool.busy("agent-hired", true);
                scene.pool.disable("agent-switched-off");
                scene.pool.goOffline("agent-blinked");
                scene.pool.remove("agent-unregistered");
            }
        });

        Ended ended = scene.run("sweep", "--output", "json");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.verdicts())
                .contains(
                        entry("agent-old-20", "REMOVE removed"),
                        entry("agent-back", "KEEP ONLINE"),
                        entry("agent-hired", "KEEP BUSY"),
                        entry("agent-switched-off", "KEEP DISABLED"),
                        entry("agent-blinked", "KEEP GRACE"),
                        entry("agent-unregistered", "REMOVE already_gone"));
        assertThat(OneShotScene.names(scene.pool))
                .contains("agent-back", "agent-hired", "agent-switched-off", "agent-blinked")
                .noneMatch(agent -> agent.startsWith("agent-old-"));
        assertThat(ended.log())
                .anyMatch(line -> line.contains(" kept pool=default agent=agent-back ") && line.endsWith("=ONLINE"))
                .anyMatch(line -> line.contains(" kept pool=default agent=agent-hired ") && line.endsWith("=BUSY"));
    }

    @Test
    void anAgentThatIsOnlySaidNotToBeThereIsNotTakenForGone() {
        scene.straggler("agent-1");
        scene.azure.fail(AzureDevOpsFault.htmlNotFound(), GET_AGENT);

        assertThat(scene.run("sweep", "--output", "json").verdicts())
                .containsExactly(entry("agent-1", "REMOVE removed"));
    }

    @ParameterizedTest
    @MethodSource
    void anAgentOfWhichNothingCanBeReadOrDoneIsLeftToTheNextSweep(Set<AzureDevOpsOperation> missing, String told) {
        scene.straggler("agent-1");
        scene.azure.fail(AzureDevOpsFault.htmlNotFound(), missing.toArray(AzureDevOpsOperation[]::new));

        Ended ended = scene.run("sweep", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.verdicts()).containsExactly(entry("agent-1", "REMOVE failed"));
        assertThat(OneShotScene.warnings(ended.log()))
                .singleElement()
                .asString()
                .contains("not removed pool=default agent=agent-1", told);
    }

    static List<Arguments> anAgentOfWhichNothingCanBeReadOrDoneIsLeftToTheNextSweep() {
        return List.of(
                argumentSet("a page for all", Set.of(GET_AGENT, FIND_AGENT, DELETE_AGENT), "HTTP 404"),
                argumentSet(
                        "a page for DELETE alone",
                        Set.of(DELETE_AGENT),
                        "Azure DevOps can't find the agent 1 and lists it."));
    }

    @Test
    void podsAreListedAgainOnceTheListIsOldAndANewPodKeepsItsAgent() {
        scene.straggler("agent-1");
        scene.pool.register("agent-online", Map.of());
        scene.azure.failNext(1, AzureDevOpsFault.delay(UNTIL_PODS_ARE_OLD), GET_AGENT);

        try (Program program = scene.start("sweep", "--output", "json")) {
            awaitReadAgain();
            scene.running("agent-1");

            assertThat(program.exitCode(OneShotScene.WITHIN)).isZero();
            assertThat(OneShotScene.names(scene.pool)).containsExactly("agent-1", "agent-online");
            assertThat(cluster.requests(KubernetesOperation.LIST)).hasSize(2);
        }
    }

    @Test
    void whereEachAnswerAsksToWaitAStragglerIsRemovedAllTheSame() {
        scene.straggler("agent-1");
        scene.azure.fail(AzureDevOpsFault.slowDown(Duration.ofSeconds(1)), GET_AGENT);

        assertThat(scene.run("sweep", "--output", "json").verdicts())
                .containsExactly(entry("agent-1", "REMOVE removed"));
    }

    @Test
    void podsThatCannotBeListedAgainAreNotAskedForForEachStraggler() {
        for (int i = 1; i <= 20; i++) {
            scene.straggler("agent-" + i);
        }
        scene.azure.fail(AzureDevOpsFault.delay(UNTIL_PODS_ARE_OLD), GET_AGENT);

        try (Program program = scene.start("sweep", "--output", "json")) {
            awaitReadAgain();
            cluster.fail(KubernetesOperation.LIST, KubernetesFault.internalError());

            assertThat(program.exitCode(OneShotScene.WITHIN)).isEqualTo(1);
            assertThat(OneShotScene.names(scene.pool)).hasSize(20);
            assertThat(cluster.requests(KubernetesOperation.LIST)).hasSize(2);
        }
    }

    @Test
    void nothingIsRemovedWhenPodsCannotBeListedAgain() {
        scene.straggler("agent-1");
        scene.azure.failNext(1, AzureDevOpsFault.delay(UNTIL_PODS_ARE_OLD), GET_AGENT);

        try (Program program = scene.start("sweep", "--output", "json")) {
            awaitReadAgain();
            cluster.fail(KubernetesOperation.LIST, KubernetesFault.internalError());

            assertThat(program.exitCode(OneShotScene.WITHIN)).isEqualTo(1);
            assertThat(OneShotScene.names(scene.pool)).containsExactly("agent-1");
            assertThat(OneShotScene.warnings(program.log()))
                    .filteredOn(line -> line.contains("not removed"))
                    .singleElement()
                    .asString()
                    .contains("not removed pool=default agent=agent-1", "500", "What to do: ");
        }
    }

    private void awaitReadAgain() {
        await().atMost(OneShotScene.WITHIN)
                .until(() -> scene.azure.requests().stream().anyMatch(request -> request.operation() == GET_AGENT));
    }
}
