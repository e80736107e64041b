package dev.agentreaper.simulator;

import dev.agentreaper.simulator.AzureDevOpsPool.Removal;
import dev.agentreaper.simulator.LoopbackHttpServer.Connection;
import dev.agentreaper.simulator.LoopbackHttpServer.Request;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An Azure DevOps organization on the loopback interface: its agent pools and agents, the part of its REST API that
 * concerns them, and what can go wrong with a call. Every method may be called at any time, from any thread.
 */
public final class AzureDevOpsSimulator implements AutoCloseable {
    private static final String FIRST_TOKEN = "simulator0token0".repeat(6).substring(0, 84);

    private final InstantSource clock;
    private final AzureDevOpsPools pools;
    private final AzureDevOpsApi api;
    private final AzureDevOpsFaults faults;
    private final AzureDevOpsRequestLog log = new AzureDevOpsRequestLog();
    private final LoopbackHttpServer server;
    private volatile String basePath = "/fabrikam";
    private volatile Latency latency = new Latency(Duration.ZERO, Set.of());

    private AzureDevOpsSimulator(int port, InstantSource clock) {
        this.clock = clock;
        this.pools = new AzureDevOpsPools(clock);
        this.api = new AzureDevOpsApi(pools, clock, FIRST_TOKEN);
        this.faults = new AzureDevOpsFaults(api::stamped);
        this.server = new LoopbackHttpServer(port, this::answer);
    }

    /** Starts on a port that the system chooses. */
    public static AzureDevOpsSimulator start() {
        return start(0);
    }

    /** Starts on a given port. */
    public static AzureDevOpsSimulator start(int port) {
        return start(port, InstantSource.system());
    }

    /** Starts with a clock of its own, which sets the agents' times, the log's, and the {@code Date} of answers. */
    public static AzureDevOpsSimulator start(int port, InstantSource clock) {
        return new AzureDevOpsSimulator(port, clock);
    }

    /** Moves the organization, such as to {@code /tfs/Default Collection}, or to no path at all. */
    public AzureDevOpsSimulator withBasePath(String path) {
        basePath = path;
        return this;
    }

    /**
     * Sets the REST versions that the server takes: at first 7.1, and 7.2 with {@code -preview}, as the cloud service.
     * Azure DevOps Server 2022 has 7.0 for both.
     */
    public AzureDevOpsSimulator withApiVersions(String latest, String preview) {
        api.versions(new AzureDevOpsApiVersions(latest, preview));
        return this;
    }

    /** The organization's address. */
    public URI url() {
        return URI.create(server.url() + basePath.replace(" ", "%20"));
    }

    /** The token that is accepted: as the password of Basic credentials, and as a Bearer token. */
    public String token() {
        return api.token();
    }

    /** Accepts this token and no longer the one before. */
    public void acceptToken(String token) {
        api.token(token);
    }

    /** Accepts as Bearer tokens also those that this tenant's service has issued, whoever signed in, until it revokes them. */
    public void connectTo(EntraSimulator entra) {
        api.entra(entra::standing);
    }

    /** The pool of that name, created if there is none. */
    public AzureDevOpsPool pool(String name) {
        return pools.named(name, "automation");
    }

    /** The pool of deployment groups of that name, created if there is none: another than that of agents. */
    public AzureDevOpsPool deploymentPool(String name) {
        return pools.named(name, "deployment");
    }

    /** Calls back at the moment a DELETE is accepted, with the agent as it was; the pool waits for the callback. */
    public void onDelete(Consumer<SimulatedAgent> listener) {
        onRemoval(removal -> {
            if (removal.deleteReceived() != null) {
                listener.accept(removal.agent());
            }
        });
    }

    /** As {@link #onDelete}, and for agents that unregister themselves too. */
    public void onRemoval(Consumer<Removal> listener) {
        pools.onRemoval(listener);
    }

    /** All requests so far, in the order of their arrival. */
    public List<ReceivedRequest> requests() {
        return log.requests();
    }

    /** All requests so far, in the order of their arrival, which are forgotten with that. */
    public List<ReceivedRequest> takeRequests() {
        return log.take();
    }

    /** Forgets the requests so far, and the most at once. */
    public void clearRequests() {
        log.clear();
    }

    /** The largest number of requests that were being served at one time. */
    public int mostAtOnce() {
        return log.mostAtOnce();
    }

    /** Puts this time between the effect of a call and its answer; for all operations if none is named. */
    public void answerAfter(Duration delay, AzureDevOpsOperation... operations) {
        latency = new Latency(delay, AzureDevOpsOperation.namedOrAll(operations));
    }

    /** Lets every call of these operations fail, or of all operations if none is named, until the fault is cleared. */
    public AzureDevOpsFault.Handle fail(AzureDevOpsFault fault, AzureDevOpsOperation... operations) {
        return failNext(Integer.MAX_VALUE, fault, operations);
    }

    /** As {@link #fail}, for that many calls. Of several faults the oldest goes first. */
    public AzureDevOpsFault.Handle failNext(int calls, AzureDevOpsFault fault, AzureDevOpsOperation... operations) {
        return faults.add(fault, calls, AzureDevOpsOperation.namedOrAll(operations));
    }

    /** Stops listening, and ends the open connections. */
    public void refuseConnections() {
        server.close();
    }

    /** Ends all faults, and listens again on the same port if connections were refused. */
    public void heal() {
        faults.clearAll();
        server.reopen();
    }

    @Override
    public void close() {
        server.close();
        faults.clearAll();
    }

    private void answer(Request request, Connection connection) throws IOException, InterruptedException {
        AzureDevOpsCall call = AzureDevOpsCall.of(request, basePath);
        ReceivedRequest received = received(request, call);
        long number = log.arrived(received);
        Optional<Response> response = Optional.empty();
        try {
            response = faults.answer(call.operation(), () -> api.answer(call, request, url(), received.received()));
            Latency current = latency;
            if (current.operations().contains(call.operation())) {
                Thread.sleep(current.delay());
            }
        } finally {
            // Before the client has its answer, so that its next request is never counted beside this one.
            log.finished(number, response.map(Response::status).orElse(0));
        }
        if (response.isPresent()) {
            connection.send(response.get());
        } else {
            connection.cut();
        }
    }

    private ReceivedRequest received(Request request, AzureDevOpsCall call) {
        return new ReceivedRequest(
                clock.instant(),
                request.method(),
                request.path(),
                request.uri().getRawQuery(),
                call.operation(),
                call.agentId(),
                0,
                request.headers());
    }

    private record Latency(Duration delay, Set<AzureDevOpsOperation> operations) {}

    /**
     * A request that arrived.
     *
     * @param query as sent, still encoded
     * @param status what was answered; 0 if nothing was, or nothing yet
     * @param headers by their names, which ignore case
     */
    public record ReceivedRequest(
            Instant received,
            String method,
            String path,
            @Nullable String query,
            AzureDevOpsOperation operation,
            @Nullable Integer agentId,
            int status,
            Map<String, String> headers) {

        ReceivedRequest answered(int newStatus) {
            return new ReceivedRequest(received, method, path, query, operation, agentId, newStatus, headers);
        }
    }
}
