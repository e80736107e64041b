package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An agent whose pod seems to be gone.
 *
 * @param pods the pods that were told of
 * @param placeholder one of them registered a placeholder
 * @param since when the last of them was told of: what was read of the pool earlier may not have its agent
 * @param busyAt when an attempt to remove it found that it runs a job; null if none has
 */
public record Ghost(
        AgentName agent,
        Set<PodKey> pods,
        boolean placeholder,
        Trigger trigger,
        Instant since,
        @Nullable Instant busyAt) {
    public Ghost {
        pods = Set.copyOf(pods);
    }

    /** One that no attempt has been made to remove. */
    public Ghost(AgentName agent, Set<PodKey> pods, boolean placeholder, Trigger trigger, Instant since) {
        this(agent, pods, placeholder, trigger, since, null);
    }

    /** The same agent, told of once more. */
    Ghost and(Ghost later) {
        Set<PodKey> all = new HashSet<>(pods);
        all.addAll(later.pods);
        // Once a pod was seen to go, that stays so.
        Trigger both = trigger == Trigger.EVENT ? trigger : later.trigger;
        return new Ghost(later.agent, all, placeholder || later.placeholder, both, later.since);
    }

    /** The same, found to run a job. */
    Ghost busy(Instant at) {
        return new Ghost(agent, pods, placeholder, trigger, since, at);
    }
}
