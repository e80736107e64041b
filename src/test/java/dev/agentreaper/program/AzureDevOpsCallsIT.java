package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.complaints;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static dev.agentreaper.program.Scene.metric;
import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Azure DevOps is asked for, call by call. */
class AzureDevOpsCallsIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void theRemovalOfAnAgentOfTheLastListIsOneCall() {
        scene.runs("known");
        scene.started();
        assertThat(scene.calls()).isEqualTo("FIND_POOL LIST_AGENTS");
        scene.azure.clearRequests();

        scene.dies("known");
        scene.awaitRemoved("known");

        scene.awaitIdle();
        assertThat(scene.calls()).isEqualTo("DELETE_AGENT");
    }

    @Test
    void anAgentThatRegisteredAfterTheLastListIsLookedUpFirst() {
        scene.started();
        scene.azure.clearRequests();

        scene.runs("new");
        scene.dies("new");
        scene.awaitRemoved("new");

        scene.awaitIdle();
        assertThat(scene.calls()).isEqualTo("FIND_AGENT DELETE_AGENT");
    }

    @Test
    void anAgentThatUnregisteredItselfCostsOneLookUpAndNoComplaint() {
        scene.runs("known");
        Program program = scene.started();
        scene.pool.remove("known");
        scene.azure.clearRequests();

        scene.dies("known");

        eventually().until(() -> removals(program, "already_gone") == 1);
        assertThat(scene.calls()).isEqualTo("DELETE_AGENT FIND_AGENT");
        assertThat(complaints(program)).isEmpty();
    }

    @Test
    void anAgentThatRegisteredAnewUnderItsPodIsRemovedByItsNewId() {
        scene.runs("known");
        Program program = scene.started();
        scene.pool.remove("known");
        scene.pool.register("known", Map.of());

        scene.dies("known");

        scene.awaitRemoved("known");
        scene.awaitIdle();
        assertThat(complaints(program)).isEmpty();
    }

    @Test
    void anAgentWithTheCapabilitiesIsReadAndDeletedAndOneWithoutIsKept() {
        scene.runs(scene.pod("ours"));
        scene.pool.register("ours", Map.of("CLUSTER", "prod-1"));
        scene.runs(scene.pod("theirs"));
        scene.pool.register("theirs", Map.of("CLUSTER", "prod-2"));
        Program program = scene.started(scene.configured().env("REAPER_CAPABILITIES", "CLUSTER=prod-1"));
        scene.azure.clearRequests();

        scene.dies("theirs");
        eventually().until(() -> removals(program, "kept") == 1);
        assertThat(scene.calls()).isEqualTo("GET_AGENT");
        scene.azure.clearRequests();

        scene.dies("ours");
        scene.awaitRemoved("ours");

        scene.awaitIdle();
        assertThat(scene.calls()).isEqualTo("GET_AGENT DELETE_AGENT");
        assertThat(scene.hasAgent("theirs")).isTrue();
        assertThat(linesWith(program, "agent=theirs"))
                .singleElement()
                .asString()
                .contains("reason=NOT_OURS");
    }

    @Test
    void aBusyAgentIsRemovedWhenItsJobHasEndedAndNeverDisabled() {
        SimulatedAgent agent = scene.runs("busy");
        Program program = scene.started();
        scene.pool.busy("busy", true);

        scene.dies("busy");
        // The first is that of the start.
        eventually().until(() -> scene.requests(LIST_AGENTS).size() >= 2);
        assertThat(scene.pool.find("busy").orElseThrow().enabled()).isTrue();
        assertThat(scene.deletesOf(agent)).hasSize(1);

        scene.pool.busy("busy", false);
        scene.awaitRemoved("busy");

        scene.awaitIdle();
        assertThat(scene.azure.requests()).extracting(ReceivedRequest::method).containsOnly("GET", "DELETE");
        assertThat(complaints(program)).isEmpty();
        assertThat(linesWith(program, "agent=busy")).singleElement().asString().contains("removed ");
    }

    @Test
    void anAgentThatStaysBusyIsGivenUp() {
        SimulatedAgent agent = scene.runs("busy");
        Program program = scene.started(scene.configured().env("REAPER_RETRY_FOR", "2s"));
        scene.pool.busy("busy", true);

        scene.dies("busy");

        eventually().until(() -> removals(program, "gave_up") == 1);
        scene.awaitIdle();
        assertThat(scene.deletesOf(agent)).singleElement().matches(request -> request.status() == 400);
        assertThat(complaints(program))
                .singleElement()
                .asString()
                .contains(" WARN ", "gave up ", "agent=busy ", ": it still runs a job. It is left to the sweep.");
    }

    @Test
    void whatIsLeftOfTheRateLimitIsAMetricOnceAzureDevOpsHasSaidIt() {
        scene.runs("known");
        Program program = scene.started();
        assertThat(program.get("/q/metrics"))
                .contains("agent_reaper_azure_devops_throttled_seconds_total 0.0")
                .doesNotContain("rate_limit");

        scene.azure.fail(AzureDevOpsFault.littleIsLeft(17, Duration.ofMinutes(5)), DELETE_AGENT);
        scene.dies("known");
        scene.awaitRemoved("known");
        scene.awaitIdle();

        assertThat(program.get("/q/metrics"))
                .contains("agent_reaper_azure_devops_rate_limit_remaining{organization=\"%s\"} 17.0"
                        .formatted(scene.azure.url()));
    }

    private static double removals(Program program, String outcome) {
        return metric(program, "agent_reaper_removals_total", "trigger=\"event\"", "outcome=\"" + outcome + "\"");
    }
}
