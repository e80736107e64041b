package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.complaints;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.metric;
import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many ghosts at once, and what is the matter with them. */
class BurstFaultsIT {
    private static final int PODS = 100_000;
    private static final int AGENTS = 2_000;

    /** The Deployment's limit; a JVM needs more than its heap of 96 MB, and its container a larger one. */
    private static final long MEBIBYTES_AT_MOST =
            System.getProperty("agent.reaper.executable", "").isEmpty() ? 320 : 192;

    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void ofAHundredThousandPodsThatGoAtOnceNoAgentStaysAndMemoryHasABound() throws IOException {
        Program program = scene.started();
        scene.runs("lives");
        IntStream.range(0, AGENTS).forEach(i -> scene.pool.register("burst-" + i * (PODS / AGENTS), Map.of()));
        scene.azure.clearRequests();

        IntStream.range(0, PODS).forEach(i -> scene.cluster.tellWatches(gone("burst-" + i)));

        eventually().until(() -> scene.pool.agents().size() == 1);
        scene.awaitIdle();
        assertThat(scene.hasAgent("lives")).isTrue();
        assertThat(metric(program, "agent_reaper_removals_total", "outcome=\"removed\""))
                .isEqualTo(AGENTS);
        assertThat(metric(program, "agent_reaper_removals_total", "outcome=\"already_gone\""))
                .isEqualTo(PODS - AGENTS);
        assertThat(scene.requests(DELETE_AGENT)).hasSize(AGENTS);
        // Those that wait together share a look-up.
        assertThat(scene.azure.requests()).hasSizeLessThan(AGENTS + PODS / 20);
        assertThat(complaints(program)).isEmpty();
        assertThat(mostMemory(program)).isLessThan(MEBIBYTES_AT_MOST);
    }

    @Test
    void fiveHundredBusyGhostsAskForOneListInAllAndAreRemovedWhenTheirJobsEnd() {
        List<String> agents = scene.run(500, "busy");
        agents.forEach(agent -> scene.pool.busy(agent, true));
        Program program = scene.started();
        scene.azure.clearRequests();

        agents.forEach(scene::dies);
        // The second of them is ten seconds after the first.
        eventually().until(() -> scene.requests(LIST_AGENTS).size() == 2);
        assertThat(scene.requests(DELETE_AGENT)).hasSize(500).allMatch(request -> request.status() == 400);
        assertThat(scene.azure.requests()).hasSize(502);
        assertThat(metric(program, "agent_reaper_pending_removals")).isEqualTo(500);

        agents.forEach(agent -> scene.pool.busy(agent, false));
        eventually()
                .atMost(Duration.ofMinutes(1))
                .until(() -> scene.pool.agents().isEmpty());
        scene.awaitIdle();
        assertThat(scene.requests(DELETE_AGENT)).hasSize(1000);
        assertThat(complaints(program)).isEmpty();
    }

    private String gone(String pod) {
        return """
                {"type":"DELETED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"%1$s","namespace":"%2$s",\
                "uid":"%1$s","resourceVersion":"%3$d","labels":{"app":"%2$s"}},"spec":{"nodeName":"node-1",\
                "containers":[{"name":"agent","image":"example.invalid/agent"}]},"status":{"phase":"Running"}}}
                """.formatted(pod, scene.namespace, scene.cluster.resourceVersion());
    }

    /** In MiB, as Linux has measured it since the program's start. */
    private static long mostMemory(Program program) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(program.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
