package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import java.io.IOException;

/** The pods of a pool's agents, as watched. */
public interface LivePods {

    /** For a program that does not watch: nothing speaks against what a list says. */
    LivePods NOT_WATCHED = agent -> false;

    /**
     * Whether it knows a live pod that runs this agent.
     *
     * @throws IOException if the watch is interrupted, so that it does not know
     */
    boolean hasLivePodOf(AgentName agent) throws IOException;
}
