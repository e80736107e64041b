package dev.agentreaper.removal;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.azure.CallMetrics;
import dev.agentreaper.azure.Organization;
import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.health.Connection;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/** The directory of the pool {@code linux} of a simulated Azure DevOps. */
final class SimulatedDirectory {
    private SimulatedDirectory() {}

    /** @param capabilities those that decisions ask for */
    static AgentDirectory of(
            AzureDevOpsSimulator azure, Set<String> capabilities, InstantSource clock, MeterRegistry meters) {
        Organization organization = new Organization(
                azure.url(),
                new PersonalAccessToken.Given(azure.token()),
                "7.1",
                null,
                new Proxies(Map.of()),
                "agent-reaper/1.2.3",
                clock,
                new CallMetrics(meters, clock));
        Connection connection = new Connection("pool default", clock);
        return new AgentDirectory(new AgentPool(organization, "linux", capabilities, connection, connection, clock));
    }
}
