package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Five hundred pods at once, as when a node pool is drained. */
class BurstIT {
    private static final int PODS = 500;

    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @BeforeEach
    void letEachDeleteTakeItsTime() {
        scene.azure.answerAfter(Duration.ofMillis(20), DELETE_AGENT);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void agentsOfTheLastListAreRemovedWithOneCallEach() {
        List<String> agents = scene.run(PODS, "known");
        scene.started();
        scene.azure.clearRequests();

        removeAll(agents);

        assertThat(scene.azure.requests())
                .hasSize(PODS)
                .extracting(ReceivedRequest::operation)
                .containsOnly(DELETE_AGENT);
        assertThat(scene.azure.mostAtOnce()).isEqualTo(8);
    }

    @Test
    void agentsThatTheLastListDidNotHaveShareALookUp() {
        scene.started();
        List<String> agents = scene.run(PODS, "new");
        scene.azure.clearRequests();

        removeAll(agents);

        assertThat(scene.requests(DELETE_AGENT)).hasSize(PODS);
        assertThat(scene.requests(LIST_AGENTS)).hasSizeLessThanOrEqualTo(2);
        assertThat(scene.requests(FIND_AGENT)).hasSizeLessThanOrEqualTo(2);
        assertThat(scene.azure.mostAtOnce()).isEqualTo(8);
    }

    @Test
    void podsOfTwoPagesAreListedAgainFromTheFirstWhenTheSecondHasExpired() {
        List<String> agents = scene.run(PODS + 1, "paged");
        scene.cluster.fail(KubernetesOperation.LIST_CONTINUE, KubernetesFault.expired(), 1);

        scene.started();
        removeAll(agents);

        assertThat(scene.cluster.requests(KubernetesOperation.LIST)).hasSize(2);
        assertThat(scene.cluster.requests(KubernetesOperation.LIST_CONTINUE)).hasSize(2);
    }

    private void removeAll(List<String> agents) {
        agents.forEach(scene::dies);
        eventually().until(() -> scene.pool.agents().isEmpty());
        scene.awaitIdle();
    }
}
