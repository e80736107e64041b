package dev.agentreaper.azure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.health.Problem;
import dev.agentreaper.log.Printable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What Azure DevOps says of a pool.
 *
 * @param id positive; else it is no pool
 * @param hosted whether its machines are Microsoft's
 * @param elastic whether its agents are those of a scale set, which Azure DevOps makes and removes by itself
 * @param deployment whether it is one of deployment groups, whose agents are the machines that are deployed to
 * @see <a href="https://learn.microsoft.com/rest/api/azure/devops/distributedtask/pools">Pools</a>
 */
record PoolFacts(int id, String name, boolean hosted, boolean elastic, boolean deployment) {

    /** Reads it; what is absent or odd says nothing against the pool. */
    static PoolFacts read(JsonNode pool) {
        return new PoolFacts(
                pool.path("id").asInt(),
                pool.path("name").asText(""),
                pool.path("isHosted").booleanValue(),
                // Several are named at once: elasticPool, singleUseAgents.
                pool.path("options").asText("").toLowerCase(Locale.ROOT).contains("elasticpool"),
                pool.path("poolType").asText("").equalsIgnoreCase("deployment"));
    }

    /** Why its agents can't be those of pods, told to the operator; null where they can. */
    @Nullable
    Problem refusal() {
        String why = whyNotOurs();
        return why == null
                ? null
                : new Problem(
                        "not a pool of ours",
                        "the agent pool «%s» is %s. Nothing of it is listed or removed."
                                .formatted(Printable.of(name), why),
                        "set AZP_POOL (in the file, pool) to the pool in which the agents in your pods register.");
    }

    private @Nullable String whyNotOurs() {
        if (hosted) {
            return "hosted: its machines are Microsoft's";
        }
        if (elastic) {
            return "a scale set's, whose agents Azure DevOps removes by itself";
        }
        return deployment ? "a deployment pool: its agents are the machines of deployment groups" : null;
    }
}
