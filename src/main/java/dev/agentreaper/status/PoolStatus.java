package dev.agentreaper.status;

import dev.agentreaper.azure.EmptyPool;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.health.Problem;
import dev.agentreaper.log.Printable;
import dev.agentreaper.removal.Outcome;
import dev.agentreaper.removal.Removal;
import dev.agentreaper.removal.Waiting;
import dev.agentreaper.sweep.Sweeper.LastSweep;
import java.time.Instant;
import java.util.ArrayList;
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
 * @param empty there was no agent when it was last listed
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
        boolean empty,
        @Nullable LastSweep lastSweep,
        @Nullable Instant nextSweep,
        int waiting,
        List<Waiting> longestWaiting,
        List<Removal> removals) {

    /** Of problems that may be as many as pods. */
    private static final int SHOWN = 5;

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

    /** What is wrong with the pool, or with its sweeps, though all that is needed answers. */
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (empty) {
            problems.add(EmptyPool.problem("it"));
        }
        if (lastSweep != null) {
            lastSweep.result().unmapped().stream().limit(SHOWN).forEach(problems::add);
            addFailed(problems, lastSweep.result().failed());
            if (lastSweep.result().kept().containsKey(KeepReason.OUTAGE)) {
                problems.add(new Problem(
                        "outage",
                        "pods run and the agent of none of them is online, so no sweep removes anything.",
                        "see in a pod's log why its agent can't reach Azure DevOps; if the agents are online, AZP_POOL or"
                                + " REAPER_AGENT_NAME is wrong."));
            }
        }
        return problems;
    }

    private static void addFailed(List<Problem> problems, List<Outcome.Failed> failed) {
        if (!failed.isEmpty()) {
            problems.add(new Problem(
                    "failed",
                    "the last sweep could not remove %d agent%s: %s"
                            .formatted(
                                    failed.size(),
                                    failed.size() == 1 ? "" : "s",
                                    Printable.of(failed.getFirst().why())),
                    "nothing, unless it is still so after the next sweep: it tries again."));
        }
    }
}
