package dev.agentreaper.azure;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.azure.Organization.Answer;
import dev.agentreaper.azure.Organization.Body;
import dev.agentreaper.azure.Organization.Call;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.health.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One agent pool of an organization. Outside of this package it can only be read: agents are removed through an
 * {@link AgentDirectory}, which has to know of it. Each call says to the pool's {@link Connection} how it went, and a
 * DELETE to that of removals, too. Thread-safe.
 */
public final class AgentPool {
    private static final Logger LOG = Logger.getLogger(AgentPool.class);

    private final Organization organization;
    private final PoolFinder finder;
    private final AgentReader reader;
    private final Connection connection;
    private final Connection removals;
    private final InstantSource clock;
    private volatile @Nullable Integer id;
    private volatile int listedSoFar;
    private volatile String name;

    /**
     * @param pool its name, or its id when all digits
     * @param capabilities those that decisions ask for
     * @param connection is told whether the pool can be read
     * @param removals is told whether we may remove agents, which only a removal shows
     */
    public AgentPool(
            Organization organization,
            String pool,
            Set<String> capabilities,
            Connection connection,
            Connection removals,
            InstantSource clock) {
        this.organization = organization;
        this.name = pool;
        this.finder = new PoolFinder(organization, pool);
        this.reader = new AgentReader(capabilities);
        this.connection = connection;
        this.removals = removals;
        this.clock = clock;
    }

    /** Its name, where Azure DevOps has told it; else what was given for it. */
    public String name() {
        return name;
    }

    /** Waits until a call about an agent can be made at once: the pool's id is known, we can sign in, and nobody asks us to wait. */
    void awaitTurn() throws AzureDevOpsException, InterruptedException {
        int _ = id();
        try {
            organization.awaitTurn();
        } catch (AzureDevOpsException e) {
            connection.failed(e.problem());
            throw e;
        }
    }

    /** Whether a call about an agent would have to wait now. */
    boolean mustWait() {
        return id == null || organization.mustWait();
    }

    /** All agents. */
    public Listing list() throws AzureDevOpsException, InterruptedException {
        listedSoFar = 0;
        int poolId = id();
        Instant askedAt = clock.instant();
        Answer<List<Agent>> answer = toldOfPool(() -> organization.call(
                "list_agents",
                (api, as) -> api.listAgents(as, poolId, null),
                body -> agents(body, soFar -> listedSoFar = soFar)));
        connection.worked();
        return new Listing(poolId, answer.value(), askedAt, answer.date());
    }

    /** How many agents the list has brought so far that is under way, or was the last. */
    int listedSoFar() {
        return listedSoFar;
    }

    /** The agents of this name: none, one, or several that differ by case. */
    List<Agent> find(int poolId, AgentName name) throws AzureDevOpsException, InterruptedException {
        return call("find_agent", (api, as) -> api.listAgents(as, poolId, name.value()), body -> agents(body, _ -> {}))
                .value()
                .stream()
                .filter(agent -> agent.name().equals(name))
                .toList();
    }

    /** The agent as it is now; null if there is none of this id. */
    @Nullable
    Agent get(int poolId, int agentId) throws AzureDevOpsException, InterruptedException {
        try {
            return call("get_agent", (api, as) -> api.getAgent(as, poolId, agentId), reader::one)
                    .value();
        } catch (AzureDevOpsException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Deletes the agent, whatever its status, with one call and at once.
     *
     * @param poolId of the pool that the agent was read from
     * @return false if there is none of this id, which does not say that there is none of its name
     * @throws AzureDevOpsException of kind {@code BUSY} if it runs a job
     */
    boolean delete(int poolId, int agentId) throws AzureDevOpsException {
        try {
            organization.callNow(
                    "delete_agent", (api, as) -> api.deleteAgent(as, poolId, agentId), AgentReader::refusePage);
            connection.answered();
            removals.worked();
            return true;
        } catch (AzureDevOpsException e) {
            switch (e.kind()) {
                case NOT_FOUND -> {
                    return false;
                }
                case FORBIDDEN -> removals.failed(e.problem());
                case UNAVAILABLE -> connection.failed(e.problem());
                case BUSY, REFUSED -> connection.answered();
                case SIGNED_OUT -> LOG.debugf("%s: %s", this, e.getMessage());
            }
            throw e;
        }
    }

    /**
     * The names of the organization's pools that Azure DevOps says we may manage, as it takes to remove an agent; those whose
     * agents can't be those of pods are left out. What a token's scope leaves of that it does not say.
     */
    public List<String> manageable() throws AzureDevOpsException, InterruptedException {
        return told(finder::manageable);
    }

    @Override
    public String toString() {
        return connection.name();
    }

    /** A call, or several of which one needs the other. */
    private interface Calls<T> {
        T make() throws AzureDevOpsException, InterruptedException;
    }

    private <T> Answer<T> call(String operation, Call call, Body<T> body)
            throws AzureDevOpsException, InterruptedException {
        return told(() -> organization.call(operation, call, body));
    }

    /** Tells the connection how they went. */
    private <T> T told(Calls<T> calls) throws AzureDevOpsException, InterruptedException {
        try {
            T answer = calls.make();
            connection.answered();
            return answer;
        } catch (AzureDevOpsException e) {
            if (e.kind() == Kind.UNAVAILABLE || e.kind() == Kind.FORBIDDEN) {
                connection.failed(e.problem());
            }
            throw e;
        }
    }

    /** These ask for the pool itself, so that any refusal says that it can't be worked with. */
    private <T> T toldOfPool(Calls<T> calls) throws AzureDevOpsException, InterruptedException {
        try {
            return told(calls);
        } catch (AzureDevOpsException e) {
            connection.failed(e.problem());
            if (e.kind() == Kind.NOT_FOUND) {
                id = null;
            }
            throw e;
        }
    }

    /** The pool's id, which is looked up where it is not known, or where the pool was gone when it was last listed. */
    int id() throws AzureDevOpsException, InterruptedException {
        Integer known = id;
        if (known != null) {
            return known;
        }
        PoolFacts found = toldOfPool(finder::find);
        if (!found.name().isEmpty()) {
            name = found.name();
        }
        id = found.id();
        return found.id();
    }

    private List<Agent> agents(InputStream body, IntConsumer soFar) throws IOException {
        return reader.list(body, odd -> LOG.warnf("%s: %s", this, odd), soFar);
    }
}
