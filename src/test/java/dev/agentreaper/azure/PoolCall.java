package dev.agentreaper.azure;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import org.jspecify.annotations.Nullable;

/** The calls that a pool offers, each for the agent {@code agent-1} of the id 1. */
enum PoolCall {
    LIST(AzureDevOpsOperation.LIST_AGENTS),
    FIND(AzureDevOpsOperation.FIND_AGENT),
    GET(AzureDevOpsOperation.GET_AGENT),
    DELETE(AzureDevOpsOperation.DELETE_AGENT);

    final AzureDevOpsOperation operation;

    PoolCall(AzureDevOpsOperation operation) {
        this.operation = operation;
    }

    @Nullable
    Object make(AgentPool pool) throws AzureDevOpsException, InterruptedException {
        return switch (this) {
            case LIST -> pool.list();
            case FIND -> pool.find(pool.id(), new AgentName("agent-1"));
            case GET -> pool.get(pool.id(), 1);
            case DELETE -> pool.delete(pool.id(), 1);
        };
    }
}
