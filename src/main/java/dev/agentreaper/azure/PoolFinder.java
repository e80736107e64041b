package dev.agentreaper.azure;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.decision.DeclaredPool;
import dev.agentreaper.health.Problem;
import dev.agentreaper.log.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds a pool of an organization.
 *
 * @param pool its name, or its id when all digits
 */
record PoolFinder(Organization organization, String pool) {
    static final String CURE_OF_UNKNOWN =
            "set AZP_POOL (in the file, pool) to the name of a pool of the organization that AZP_URL names (Organization"
                    + " settings, Agent pools), as in AZP_POOL=my-pool, or to its id there: each organization has ids of its own."
                    + " Give whoever signs in the role Administrator on it (the pool, Security; the token's owner, or the Entra"
                    + " identity).";

    /** @throws AzureDevOpsException also where its agents can't be those of pods */
    PoolFacts find() throws AzureDevOpsException, InterruptedException {
        if (DeclaredPool.isId(pool)) {
            int id = Integer.parseInt(pool);
            return organization
                    .call("get_pool", (api, as) -> api.getPool(as, id), body -> ofThisId(id, body))
                    .value();
        }
        return organization
                .call("find_pool", (api, as) -> api.findPool(as, pool), this::ofThisName)
                .value();
    }

    /** The names of those that Azure DevOps says we may manage and whose agents can be those of pods. */
    List<String> manageable() throws AzureDevOpsException, InterruptedException {
        return organization
                .call(
                        "list_pools",
                        (api, as) -> api.listManageablePools(as),
                        body -> pools(body).stream()
                                .filter(facts -> facts.refusal() == null)
                                .map(PoolFacts::name)
                                .toList())
                .value();
    }

    private static PoolFacts ofThisId(int id, InputStream body) throws IOException {
        PoolFacts found = PoolFacts.read(AgentReader.tree(body));
        if (found.id() != id) {
            throw new IOException("the answer is not the pool " + id);
        }
        return unlessRefused(found);
    }

    private PoolFacts ofThisName(InputStream body) throws IOException {
        // A pool of deployment groups may bear the name of one of agents.
        return unlessRefused(pools(body).stream()
                .filter(facts -> facts.name().equalsIgnoreCase(pool))
                .min(Comparator.comparing(PoolFacts::deployment))
                .orElseThrow(() -> new AzureDevOpsException(Kind.NOT_FOUND, unknown())));
    }

    private static List<PoolFacts> pools(InputStream body) throws IOException {
        List<PoolFacts> pools = new ArrayList<>();
        AgentReader.values(body, node -> {
            PoolFacts facts = PoolFacts.read(node);
            if (facts.id() > 0) {
                pools.add(facts);
            }
        });
        return pools;
    }

    private static PoolFacts unlessRefused(PoolFacts found) throws AzureDevOpsException {
        Problem refusal = found.refusal();
        if (refusal != null) {
            throw new AzureDevOpsException(Kind.REFUSED, refusal);
        }
        return found;
    }

    private Problem unknown() {
        return new Problem(
                "unknown pool",
                "%s has no agent pool «%s» that we may see.".formatted(organization, Printable.of(pool)),
                CURE_OF_UNKNOWN);
    }
}
