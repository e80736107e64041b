package dev.agentreaper.status;

import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.removal.Removal;
import dev.agentreaper.removal.Waiting;
import dev.agentreaper.sweep.Sweeper.LastSweep;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one pool stands.
 *
 * @param sources what it is called
 * @param agents as last listed, without those that were removed since; those that are offline first
 * @param listedAt when; null where the pool could not be listed yet
 * @param lastSweep null before there was one
 * @param nextSweep null where it is not swept
 * @param waiting how many ghosts are still to be removed
 * @param longestWaiting of those, some that wait for longest
 * @param removals the last, the latest first
 */
record PoolStatus(
        PoolSources sources,
        List<AgentStatus> agents,
        @Nullable Instant listedAt,
        @Nullable LastSweep lastSweep,
        @Nullable Instant nextSweep,
        int waiting,
        List<Waiting> longestWaiting,
        List<Removal> removals) {

    public long online() {
        return agents.stream().filter(status -> status.agent().online()).count();
    }

    public long offline() {
        return agents.size() - online();
    }

    /** How many of them the last sweep kept, by reason. */
    public Map<KeepReason, Integer> kept() {
        Map<KeepReason, Integer> kept = new EnumMap<>(KeepReason.class);
        for (AgentStatus status : agents) {
            if (status.reason() != null) {
                kept.merge(status.reason(), 1, Integer::sum);
            }
        }
        return kept;
    }

    /** Whether Azure DevOps rejects jobs for it, because it has no agent. */
    public boolean isEmpty() {
        return listedAt != null && agents.isEmpty();
    }
}
