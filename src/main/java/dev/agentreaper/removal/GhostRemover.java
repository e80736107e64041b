package dev.agentreaper.removal;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.kubernetes.AgentPods;
import dev.agentreaper.removal.AttemptResult.Busy;
import dev.agentreaper.removal.AttemptResult.Ended;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tries to remove an agent whose pod is gone. Keeps nothing between attempts: each asks anew whether a pod is alive; only the
 * agent's id may be that of the last list. An agent that runs a job is asked for by DELETE once: after that the pool's list,
 * which all such ghosts share, has to show that the job has ended.
 */
public final class GhostRemover implements Attempt {
    /** With the longest pause of the queue, 15 s, a job's end is seen within 25 s; and there are at most 6 lists a minute. */
    private static final Duration BUSY_BY_LIST_OF = Duration.ofSeconds(10);

    private final AgentDirectory directory;
    private final AgentPods pods;
    private final WatchedPods watched;
    private final Policy policy;
    private final Mode mode;
    private final InstantSource clock;

    public GhostRemover(
            AgentDirectory directory,
            AgentPods pods,
            WatchedPods watched,
            Policy policy,
            Mode mode,
            InstantSource clock) {
        this.directory = directory;
        this.pods = pods;
        this.watched = watched;
        this.policy = policy;
        this.mode = mode;
        this.clock = clock;
    }

    @Override
    public AttemptResult remove(Ghost ghost) throws IOException, InterruptedException {
        Instant busyAt = ghost.busyAt();
        if (busyAt != null
                && directory.isStillBusy(ghost.agent(), busyAt, clock.instant().minus(BUSY_BY_LIST_OF))) {
            // Where a pod came back it may be busy for ever, as the jobs are that one's.
            return watched.hasPodOf(ghost.agent(), Pod::isLive)
                    ? new Ended(new Outcome.Kept(KeepReason.POD_ALIVE))
                    : new Busy("it still runs a job.");
        }
        Agent agent = find(ghost);
        if (agent == null) {
            return new Ended(new Outcome.AlreadyGone());
        }
        if (hasLivePodRightBefore(ghost)) {
            return new Ended(new Outcome.Kept(KeepReason.POD_ALIVE));
        }
        if (Decision.on(agent, situation(ghost)) instanceof Verdict.Keep(KeepReason reason)) {
            return new Ended(new Outcome.Kept(reason));
        }
        if (mode == Mode.DRY_RUN) {
            return new Ended(new Outcome.DryRun(agent.id()));
        }
        return delete(agent, busyAt == null);
    }

    /** That an agent is busy is a failure where the list has just said that it is not. */
    private AttemptResult delete(Agent agent, boolean mayBeBusy) throws IOException, InterruptedException {
        try {
            boolean deleted = directory.delete(agent, clock.instant());
            return new Ended(deleted ? new Outcome.Removed(agent.id()) : new Outcome.AlreadyGone());
        } catch (AzureDevOpsException e) {
            if (mayBeBusy && e.kind() == Kind.BUSY) {
                return new Busy(e.problem().toString());
            }
            throw e;
        }
    }

    /** With the capabilities that it has now, where they matter. */
    private @Nullable Agent find(Ghost ghost) throws IOException, InterruptedException {
        Agent known = directory.known(ghost.agent());
        if (known == null) {
            return directory.lookUp(ghost.agent(), ghost.since());
        }
        return policy.capabilities().isEmpty() ? known : directory.readAgain(known, clock.instant());
    }

    /** The live re-check. If Azure DevOps has meanwhile asked us to wait, it is made again after that. */
    private boolean hasLivePodRightBefore(Ghost ghost) throws IOException, InterruptedException {
        boolean live;
        do {
            directory.awaitTurn();
            live = hasLivePod(ghost);
        } while (!live && directory.mustWait());
        return live;
    }

    /** Asks those who know: the API server for the pods that have these names now, and the watch for any other of the agent. */
    private boolean hasLivePod(Ghost ghost) throws IOException {
        for (PodKey pod : ghost.pods()) {
            if (pods.mayRun(ghost.agent(), pod, ghost.podsByUid().keySet())) {
                return true;
            }
        }
        return watched.hasPodOf(ghost.agent(), Pod::isLive);
    }

    private Situation situation(Ghost ghost) {
        Set<AgentName> placeholders = ghost.placeholder() ? Set.of(ghost.agent()) : Set.of();
        return Situation.ofEvent(ghost.trigger(), policy, clock.instant(), placeholders);
    }
}
