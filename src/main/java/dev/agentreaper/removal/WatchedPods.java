package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import java.io.IOException;
import java.util.function.Predicate;

/** The pods of a pool's agents, as watched. */
public interface WatchedPods {

    /** For a program that does not watch: nothing speaks against what a list says. */
    WatchedPods NONE = (agent, such) -> false;

    /**
     * Whether it knows a pod, of such as these, that runs this agent.
     *
     * @throws IOException if the watch is interrupted, so that it does not know
     */
    boolean hasPodOf(AgentName agent, Predicate<Pod> such) throws IOException;
}
