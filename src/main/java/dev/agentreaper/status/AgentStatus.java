package dev.agentreaper.status;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.sweep.SweepRow;
import org.jspecify.annotations.Nullable;

/**
 * An agent of a pool.
 *
 * @param sweep what the last sweep came to; null where it did not see this agent
 */
record AgentStatus(Agent agent, @Nullable SweepRow sweep) {
    /** Why the last sweep kept it; null where it did not. */
    public @Nullable KeepReason reason() {
        return sweep == null ? null : sweep.reason();
    }
}
