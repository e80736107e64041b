package dev.agentreaper.removal;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentInPool;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.kubernetes.AgentPods;
import dev.agentreaper.removal.AttemptResult.Busy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tries to remove an agent whose pod is gone. Keeps nothing between attempts: each asks anew whether a pod is alive; what is
 * known of the agent may be of the last list, unless its capabilities matter. An agent that runs a job is asked for by DELETE
 * once: after that the pool's list, which all such ghosts share, has to show that the job has ended.
 */
public final class GhostRemover implements Attempt {
    /** With the longest pause of the queue, 15 s, a job's end is seen within 25 s; and there are at most 6 lists a minute. */
    private static final Duration BUSY_BY_LIST_OF = Duration.ofSeconds(10);

    private final AgentDirectory directory;
    private final AgentPods pods;
    private final WatchedPods watched;
    private final Policy policy;
    private final LastStep lastStep;
    private final InstantSource clock;

    public GhostRemover(
            AgentDirectory directory,
            AgentPods pods,
            WatchedPods watched,
            Policy policy,
            LastStep lastStep,
            InstantSource clock) {
        this.directory = directory;
        this.pods = pods;
        this.watched = watched;
        this.policy = policy;
        this.lastStep = lastStep;
        this.clock = clock;
    }

    @Override
    public AttemptResult remove(Ghost ghost) throws IOException, InterruptedException {
        Instant busyAt = ghost.busyAt();
        if (busyAt != null
                && directory.isStillBusy(ghost.agent(), busyAt, clock.instant().minus(BUSY_BY_LIST_OF))) {
            // Where a pod came back it may be busy for ever, as the jobs are that one's.
            return watched.hasPodOf(ghost.agent(), Pod::isLive)
                    ? new Outcome.Kept(KeepReason.POD_ALIVE)
                    : new Busy("it still runs a job.");
        }
        try {
            return lastStep.take(new Look(ghost));
        } catch (AzureDevOpsException e) {
            // Where the list has just said that it is not busy, that it is would be a failure.
            if (busyAt == null && e.kind() == Kind.BUSY) {
                return new Busy(e.problem().toString());
            }
            throw e;
        }
    }

    private final class Look implements LastStep.Look {
        private final Ghost ghost;

        Look(Ghost ghost) {
            this.ghost = ghost;
        }

        /** With the capabilities that it has now, where they matter. */
        @Override
        public @Nullable AgentInPool agent() throws IOException, InterruptedException {
            AgentInPool known = directory.known(ghost.agent());
            if (known == null) {
                return directory.lookUp(ghost.agent(), ghost.since());
            }
            return policy.capabilities().isEmpty() ? known : directory.readAgain(known.agent(), clock.instant());
        }

        @Override
        public Situation situation(Agent agent) throws IOException {
            Set<AgentName> itself = Set.of(ghost.agent());
            return Situation.ofEvent(
                    ghost.trigger(),
                    policy,
                    clock.instant(),
                    hasLivePod(ghost) ? itself : Set.of(),
                    ghost.placeholder() ? itself : Set.of());
        }
    }

    /**
     * The live re-check: asks those who know, the API server for the pods that have these names now, and the watch for any other
     * of the agent.
     */
    private boolean hasLivePod(Ghost ghost) throws IOException {
        for (PodKey pod : ghost.pods()) {
            if (pods.mayRun(ghost.agent(), pod, ghost.podsByUid().keySet())) {
                return true;
            }
        }
        return watched.hasPodOf(ghost.agent(), Pod::isLive);
    }
}
