package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;

/** The pods of a pool's agents, as watched. */
public interface LivePods {

    /** Whether what it knows can be relied on now. */
    boolean isInSync();

    /** Whether it knows a live pod that runs this agent. */
    boolean hasLivePodOf(AgentName agent);
}
