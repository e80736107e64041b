package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * An agent whose pod seems to be gone.
 *
 * @param pods the pods that were told of
 * @param placeholder one of them registered a placeholder
 * @param since when the last of them was told of: what was read of the pool earlier may not have its agent
 */
public record Ghost(AgentName agent, Set<PodKey> pods, boolean placeholder, Trigger trigger, Instant since) {
    public Ghost {
        pods = Set.copyOf(pods);
    }

    /** The same agent, told of once more. */
    Ghost and(Ghost later) {
        Set<PodKey> all = new HashSet<>(pods);
        all.addAll(later.pods);
        // Once a pod was seen to go, that stays so.
        Trigger both = trigger == Trigger.EVENT ? trigger : later.trigger;
        return new Ghost(later.agent, all, placeholder || later.placeholder, both, later.since);
    }
}
