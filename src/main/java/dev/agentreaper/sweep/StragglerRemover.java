package dev.agentreaper.sweep;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.removal.LivePods;
import dev.agentreaper.removal.Outcome;
import dev.agentreaper.removal.Outcomes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Removes the stragglers that a sweep has found, each read and decided again right before. */
public final class StragglerRemover {
    private static final Duration PODS_ARE_FRESH_FOR = Duration.ofSeconds(10);

    private final AgentPool pool;
    private final AgentDirectory directory;
    private final KubernetesApi kubernetes;
    private final PodSource source;
    private final LivePods livePods;
    private final Policy policy;
    private final Outcomes outcomes;
    private final boolean dryRun;
    private final InstantSource clock;

    /** @param livePods what the watch knows; {@link LivePods#NOT_WATCHED} where there is none */
    public StragglerRemover(
            AgentPool pool,
            AgentDirectory directory,
            KubernetesApi kubernetes,
            PodSource source,
            LivePods livePods,
            Policy policy,
            Outcomes outcomes,
            boolean dryRun,
            InstantSource clock) {
        this.pool = pool;
        this.directory = directory;
        this.kubernetes = kubernetes;
        this.source = source;
        this.livePods = livePods;
        this.policy = policy;
        this.outcomes = outcomes;
        this.dryRun = dryRun;
        this.clock = clock;
    }

    /** The pods as they were less than ten seconds ago, and all else as the sweep has read it. */
    final class Fresh {
        private Reading reading;
        private Situation situation;

        Fresh(Reading reading) {
            this.reading = reading;
            this.situation = reading.situation(policy);
        }

        synchronized Situation situation() throws IOException {
            Instant now = clock.instant();
            if (reading.podsAskedAt().plus(PODS_ARE_FRESH_FOR).isBefore(now)) {
                reading = new Reading(reading.agents(), reading.now(), pods(), now);
                situation = reading.situation(policy);
            }
            return situation;
        }

        private List<Pod> pods() throws IOException {
            try {
                return source.list(kubernetes);
            } catch (IOException | RuntimeException e) {
                throw new IOException(kubernetes.problem(e).toString(), e);
            }
        }
    }

    Fresh fresh(Reading reading) {
        return new Fresh(reading);
    }

    /** Removes it unless something speaks for it now, and records how that ended. */
    Outcome remove(Agent straggler, Fresh fresh) throws InterruptedException {
        Instant began = clock.instant();
        Outcome outcome;
        try {
            outcome = tryTo(straggler, fresh);
        } catch (AzureDevOpsException e) {
            outcome = e.kind() == AzureDevOpsException.Kind.BUSY
                    ? new Outcome.Kept(KeepReason.BUSY)
                    : new Outcome.Failed(e.problem().toString());
        } catch (IOException | RuntimeException e) {
            outcome = new Outcome.Failed(String.valueOf(e.getMessage()));
        }
        outcomes.record(straggler.name(), "-", Trigger.SWEEP, Duration.between(began, clock.instant()), outcome);
        return outcome;
    }

    private Outcome tryTo(Agent straggler, Fresh fresh) throws IOException, InterruptedException {
        Agent agent = pool.get(straggler.id());
        if (agent == null) {
            return new Outcome.AlreadyGone();
        }
        if (Decision.on(agent, fresh.situation()) instanceof Verdict.Keep(KeepReason reason)) {
            return new Outcome.Kept(reason);
        }
        if (!livePods.isInSync()) {
            throw new IOException("the watch of pods is not in sync.");
        }
        if (livePods.hasLivePodOf(agent.name())) {
            return new Outcome.Kept(KeepReason.POD_ALIVE);
        }
        if (dryRun) {
            return new Outcome.DryRun(agent.id());
        }
        boolean deleted = pool.delete(agent.id());
        directory.forget(agent);
        return deleted ? new Outcome.Removed(agent.id()) : new Outcome.AlreadyGone();
    }
}
