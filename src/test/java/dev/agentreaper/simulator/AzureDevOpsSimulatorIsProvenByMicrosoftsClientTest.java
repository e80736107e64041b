package dev.agentreaper.simulator;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that we did not write takes the simulator for the service. */
class AzureDevOpsSimulatorIsProvenByMicrosoftsClientTest {
    private static final Path SCRIPTS = Path.of("src/test/node");

    @BeforeEach
    void needsNodeAndTheClient() throws InterruptedException {
        try {
            new ProcessBuilder("node", "--version").start().waitFor();
        } catch (IOException e) {
            skip("node is not installed: " + e.getMessage());
        }
        if (!Files.isDirectory(SCRIPTS.resolve("node_modules"))) {
            skip("Microsoft's client is not installed: run npm ci in " + SCRIPTS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fabrikam", "/tfs/DefaultCollection"})
    void itListsReadsAndDeletesAgents(String basePath) throws Exception {
        try (AzureDevOpsSimulator simulator = AzureDevOpsSimulator.start().withBasePath(basePath)) {
            AzureDevOpsPool pool = poolOfThree(simulator);

            String said = prove(simulator);

            assertThat(said).contains("deleted an idle agent", "refused a bad token");
            assertThat(pool.agents()).extracting(SimulatedAgent::name).containsExactly("busy-7f9c", "online-7f9c");
            assertThat(simulator.requests())
                    .filteredOn(request -> request.operation() == DELETE_AGENT)
                    .extracting(ReceivedRequest::agentId, ReceivedRequest::status)
                    .containsExactly(tuple(1, 400), tuple(2, 204));
        }
    }

    @Test
    void itSettlesForTheVersionOfAnOldServer() throws Exception {
        try (AzureDevOpsSimulator simulator = AzureDevOpsSimulator.start().withApiVersions("7.0", "7.0")) {
            AzureDevOpsPool pool = poolOfThree(simulator);

            prove(simulator);

            assertThat(pool.find("gone-7f9c")).isEmpty();
        }
    }

    private static AzureDevOpsPool poolOfThree(AzureDevOpsSimulator simulator) {
        simulator.deploymentPool("linux");
        simulator.pool("Azure Pipelines").hosted();
        simulator.pool("scale set").options("elasticPool, singleUseAgents");
        AzureDevOpsPool pool = simulator.pool("linux");
        for (String name : new String[] {"busy-7f9c", "gone-7f9c", "online-7f9c"}) {
            pool.register(name, Map.of("Agent.Name", name));
        }
        pool.busy("busy-7f9c", true);
        pool.goOffline("gone-7f9c");
        return pool;
    }

    private static String prove(AzureDevOpsSimulator simulator) throws Exception {
        Process node = new ProcessBuilder(
                        "node",
                        "prove-azure-devops-simulator.mjs",
                        simulator.url().toString(),
                        simulator.token(),
                        "linux")
                .directory(SCRIPTS.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(node.getInputStream().readAllBytes(), UTF_8);
        assertThat(node.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(node.exitValue()).as(said).isZero();
        return said;
    }

    private static void skip(String reason) {
        if (Boolean.getBoolean("nothing.may.skip")) {
            fail(reason);
        }
        abort(reason);
    }
}
