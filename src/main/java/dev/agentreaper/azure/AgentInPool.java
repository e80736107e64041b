package dev.agentreaper.azure;

import dev.agentreaper.decision.Agent;

/**
 * An agent with the pool that it was read from: in another one, as one that is made under the same name, its id is another
 * agent's.
 */
public record AgentInPool(int poolId, Agent agent) {}
