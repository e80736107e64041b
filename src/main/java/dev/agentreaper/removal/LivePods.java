package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import java.time.Duration;

/** The pods of a pool's agents, as watched. */
public interface LivePods {

    /** For a program that does not watch: nothing speaks against what a list says. */
    LivePods NOT_WATCHED = new LivePods() {
        @Override
        public boolean isInSync() {
            return true;
        }

        @Override
        public boolean awaitInSync(Duration within) {
            return true;
        }

        @Override
        public boolean hasLivePodOf(AgentName agent) {
            return false;
        }
    };

    /** Whether what it knows can be relied on now. */
    boolean isInSync();

    /** Waits until it is so, at most this long, and says whether it is. */
    boolean awaitInSync(Duration within) throws InterruptedException;

    /** Whether it knows a live pod that runs this agent. */
    boolean hasLivePodOf(AgentName agent);
}
