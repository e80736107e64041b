package dev.agentreaper.simulator;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What a request asks the service for. */
public enum AzureDevOpsOperation {
    /** The calls by which Microsoft's clients learn the addresses of the others. */
    DISCOVER,
    LIST_POOLS,
    /** Pools of a given name. */
    FIND_POOL,
    GET_POOL,
    LIST_AGENTS,
    /** Agents of a given name. */
    FIND_AGENT,
    GET_AGENT,
    DELETE_AGENT,
    /** Anything that the simulator does not serve. */
    OTHER;

    /** The named operations, or all if none is named. */
    static Set<AzureDevOpsOperation> namedOrAll(AzureDevOpsOperation... named) {
        return named.length == 0 ? EnumSet.allOf(AzureDevOpsOperation.class) : EnumSet.copyOf(List.of(named));
    }
}
