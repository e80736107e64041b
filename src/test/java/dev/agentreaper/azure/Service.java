package dev.agentreaper.azure;

import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_POOL;

import dev.agentreaper.MutableClock;
import dev.agentreaper.azure.signin.Credential;
import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.health.Connection;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A simulated organization with the pool {@code linux}, and what our program has to work with it. */
final class Service implements AutoCloseable {
    static final Proxies NO_PROXIES = new Proxies(Map.of());
    static final String USER_AGENT = "agent-reaper/1.2.3";

    final MutableClock clock = new MutableClock();
    final AzureDevOpsSimulator simulator = AzureDevOpsSimulator.start();
    final AzureDevOpsPool linux = simulator.pool("linux");
    final Connection connection = new Connection("pool default", clock);
    final Connection removals = Connection.assumedToWork("removals from pool default", clock);
    private final CallMetrics metrics;

    Service(MeterRegistry meters) {
        this.metrics = new CallMetrics(meters, clock);
    }

    /** The pool {@code linux}, by the token that the simulator takes at first. */
    AgentPool pool() {
        return pool(organization(), "linux");
    }

    AgentPool pool(Organization organization, String name) {
        return new AgentPool(organization, name, Set.of("CLUSTER"), connection, removals, clock);
    }

    Organization organization() {
        return organization(simulator.url(), credential(), "7.1");
    }

    Organization organization(URI url, Credential credential, String apiVersion) {
        return organization(url, credential, apiVersion, NO_PROXIES);
    }

    private Organization organization(URI url, Credential credential, String apiVersion, Proxies proxies) {
        return new Organization(url, credential, apiVersion, null, proxies, USER_AGENT, clock, metrics);
    }

    /** The pool {@code linux} of an organization whose name only the proxy knows. */
    AgentPool poolThrough(String proxy) {
        URI url = URI.create("http://devops.nowhere.test" + simulator.url().getPath());
        return pool(organization(url, credential(), "7.1", new Proxies(Map.of("HTTP_PROXY", proxy))), "linux");
    }

    /** The pool {@code linux}, for whoever signs in so. */
    AgentPool pool(Credential credential) {
        return pool(organization(simulator.url(), credential, "7.1"), "linux");
    }

    Credential credential() {
        return new PersonalAccessToken.Given(simulator.token());
    }

    /** What was asked for, but for the look-up of the pool itself. */
    List<AzureDevOpsOperation> operations() {
        return simulator.requests().stream()
                .map(ReceivedRequest::operation)
                .filter(operation -> operation != FIND_POOL && operation != GET_POOL)
                .toList();
    }

    @Override
    public void close() {
        simulator.close();
    }
}
