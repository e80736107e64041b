package dev.agentreaper.azure;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.azure.Organization.Answer;
import dev.agentreaper.azure.Organization.Body;
import dev.agentreaper.azure.Organization.Call;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Printable;
import dev.agentreaper.health.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One agent pool of an organization. Each call says to the pool's {@link Connection} whether Azure DevOps can be worked
 * with. Thread-safe.
 */
public final class AgentPool {
    private static final Logger LOG = Logger.getLogger(AgentPool.class);

    static final String CURE_OF_UNKNOWN =
            "set AZP_POOL (in the file: pool) to the name of a pool of the organization that AZP_URL names (Organization"
                    + " settings, Agent pools), as in AZP_POOL=my-pool, or to its id there: each organization has ids of its own."
                    + " Give whoever signs in the role Administrator on it (the pool, Security; the token's owner, or the Entra"
                    + " identity).";

    private final Organization organization;
    private final String pool;
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
        this.pool = pool;
        this.name = pool;
        this.reader = new AgentReader(capabilities);
        this.connection = connection;
        this.removals = removals;
        this.clock = clock;
    }

    public Connection connection() {
        return connection;
    }

    /** Its name, where Azure DevOps has told it; else what was given for it. */
    public String name() {
        return name;
    }

    void awaitTurn() throws AzureDevOpsException, InterruptedException {
        try {
            organization.awaitTurn();
        } catch (AzureDevOpsException e) {
            connection.failed(e.problem());
            throw e;
        }
    }

    boolean mustWait() {
        return organization.mustWait();
    }

    /** All agents. */
    public Listing list() throws AzureDevOpsException, InterruptedException {
        listedSoFar = 0;
        int poolId = id();
        Instant askedAt = clock.instant();
        Answer<List<Agent>> answer = callOfPool(
                "list_agents",
                (api, as) -> api.listAgents(as, poolId, null),
                body -> agents(body, soFar -> listedSoFar = soFar));
        connection.worked();
        return new Listing(answer.value(), askedAt, answer.date());
    }

    /** How many agents the list has brought so far that is under way, or was the last. */
    int listedSoFar() {
        return listedSoFar;
    }

    /** The agents of this name: none, one, or several that differ by case. */
    public List<Agent> find(AgentName name) throws AzureDevOpsException, InterruptedException {
        int poolId = id();
        return call("find_agent", (api, as) -> api.listAgents(as, poolId, name.value()), body -> agents(body, _ -> {}))
                .value()
                .stream()
                .filter(agent -> agent.name().equals(name))
                .toList();
    }

    /** The agent as it is now; null if there is none of this id. */
    public @Nullable Agent get(int agentId) throws AzureDevOpsException, InterruptedException {
        int poolId = id();
        try {
            return call("get_agent", (api, as) -> api.getAgent(as, poolId, agentId), this::agent)
                    .value();
        } catch (AzureDevOpsException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Deletes the agent, whatever its status.
     *
     * @return false if there is none of this id, which does not say that there is none of its name
     * @throws AzureDevOpsException of kind {@code BUSY} if it runs a job
     */
    public boolean delete(int agentId) throws AzureDevOpsException, InterruptedException {
        int poolId = id();
        try {
            organization.callNow(
                    "delete_agent", (api, as) -> api.deleteAgent(as, poolId, agentId), AgentPool::refusePage);
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
        return call("list_pools", (api, as) -> api.listManageablePools(as), body -> {
                    List<String> names = new ArrayList<>();
                    AgentReader.values(body, node -> {
                        PoolFacts facts = PoolFacts.read(node);
                        if (facts.id() > 0 && facts.refusal() == null) {
                            names.add(facts.name());
                        }
                    });
                    return names;
                })
                .value();
    }

    @Override
    public String toString() {
        return connection.name();
    }

    private <T> Answer<T> call(String operation, Call call, Body<T> body)
            throws AzureDevOpsException, InterruptedException {
        try {
            Answer<T> answer = organization.call(operation, call, body);
            connection.answered();
            return answer;
        } catch (AzureDevOpsException e) {
            if (e.kind() == Kind.UNAVAILABLE || e.kind() == Kind.FORBIDDEN) {
                connection.failed(e.problem());
            }
            throw e;
        }
    }

    /** A call that asks for the pool itself, so that any refusal says that the pool can't be worked with. */
    private <T> Answer<T> callOfPool(String operation, Call call, Body<T> body)
            throws AzureDevOpsException, InterruptedException {
        try {
            return call(operation, call, body);
        } catch (AzureDevOpsException e) {
            connection.failed(e.problem());
            if (e.kind() == Kind.NOT_FOUND) {
                id = null;
            }
            throw e;
        }
    }

    private int id() throws AzureDevOpsException, InterruptedException {
        Integer known = id;
        if (known != null) {
            return known;
        }
        int found = findId();
        id = found;
        return found;
    }

    private int findId() throws AzureDevOpsException, InterruptedException {
        if (pool.matches("\\d+")) {
            int given = Integer.parseInt(pool);
            return callOfPool("get_pool", (api, as) -> api.getPool(as, given), body -> {
                        PoolFacts found = PoolFacts.read(AgentReader.tree(body));
                        if (found.id() != given) {
                            throw new IOException("the answer is not the pool " + given);
                        }
                        return idOfOurs(found);
                    })
                    .value();
        }
        return callOfPool("find_pool", (api, as) -> api.findPool(as, pool), body -> idOfOurs(ofThisName(body)))
                .value();
    }

    private int idOfOurs(PoolFacts found) throws AzureDevOpsException {
        Problem refusal = found.refusal();
        if (refusal != null) {
            throw new AzureDevOpsException(Kind.REFUSED, refusal);
        }
        if (!found.name().isEmpty()) {
            name = found.name();
        }
        return found.id();
    }

    private PoolFacts ofThisName(InputStream body) throws IOException {
        List<PoolFacts> found = new ArrayList<>();
        AgentReader.values(body, node -> {
            PoolFacts facts = PoolFacts.read(node);
            if (facts.name().equalsIgnoreCase(pool) && facts.id() > 0) {
                found.add(facts);
            }
        });
        // A pool of deployment groups may bear the name of one of agents.
        return found.stream()
                .min(Comparator.comparing(PoolFacts::deployment))
                .orElseThrow(() -> new AzureDevOpsException(Kind.NOT_FOUND, unknownPool()));
    }

    private Problem unknownPool() {
        return new Problem(
                "unknown pool",
                "%s has no agent pool «%s» that we may see.".formatted(organization, Printable.of(pool)),
                CURE_OF_UNKNOWN);
    }

    private List<Agent> agents(InputStream body, IntConsumer soFar) throws IOException {
        return reader.list(body, odd -> LOG.warnf("pool %s: %s", Printable.of(pool), odd), soFar);
    }

    private Agent agent(InputStream body) throws IOException {
        Agent agent = reader.one(body);
        if (agent == null) {
            throw new IOException("the answer is not an agent");
        }
        return agent;
    }

    /** Azure DevOps confirms a DELETE with no body, or with JSON; a page is from a proxy. */
    private static boolean refusePage(InputStream body) throws IOException {
        int first = body.read();
        while (first == 0xEF || first == 0xBB || first == 0xBF || Character.isWhitespace(first)) {
            first = body.read();
        }
        if (first == '<') {
            throw new IOException("the answer is a page");
        }
        return true;
    }
}
