package dev.agentreaper.removal;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.health.Connection;
import dev.agentreaper.kubernetes.KubernetesApi;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tries to remove an agent whose pod is gone. Keeps nothing between attempts: all is asked anew at each. */
public final class Remover implements Attempt {
    private final AgentPool pool;
    private final AgentDirectory directory;
    private final KubernetesApi kubernetes;
    private final Connection podReads;
    private final LivePods livePods;
    private final Policy policy;
    private final boolean dryRun;
    private final InstantSource clock;

    public Remover(
            AgentPool pool,
            AgentDirectory directory,
            KubernetesApi kubernetes,
            Connection podReads,
            LivePods livePods,
            Policy policy,
            boolean dryRun,
            InstantSource clock) {
        this.pool = pool;
        this.directory = directory;
        this.kubernetes = kubernetes;
        this.podReads = podReads;
        this.livePods = livePods;
        this.policy = policy;
        this.dryRun = dryRun;
        this.clock = clock;
    }

    @Override
    public Outcome remove(Ghost ghost) throws IOException, InterruptedException {
        if (hasLivePod(ghost)) {
            return new Outcome.Kept(KeepReason.POD_ALIVE);
        }
        Agent agent = find(ghost);
        if (agent == null) {
            return new Outcome.AlreadyGone();
        }
        if (Decision.on(agent, situation(ghost)) instanceof Verdict.Keep(KeepReason reason)) {
            return new Outcome.Kept(reason);
        }
        if (dryRun) {
            return new Outcome.DryRun(agent.id());
        }
        if (pool.delete(agent.id())) {
            directory.forget(agent);
            return new Outcome.Removed(agent.id());
        }
        Agent other = lookUpAnew(agent);
        if (other == null) {
            return new Outcome.AlreadyGone();
        }
        throw new IOException("it has the id %d now, and had %d.".formatted(other.id(), agent.id()));
    }

    /** Asks those who know: the API server for the very pods, and the watch for any other that runs this agent. */
    private boolean hasLivePod(Ghost ghost) throws IOException {
        for (PodKey pod : ghost.pods()) {
            if (isLive(pod)) {
                return true;
            }
        }
        if (!livePods.isInSync()) {
            throw new IOException("the watch of pods is not in sync.");
        }
        return livePods.hasLivePodOf(ghost.agent());
    }

    private boolean isLive(PodKey pod) throws IOException {
        try {
            boolean live = kubernetes.hasLivePod(pod);
            podReads.worked();
            return live;
        } catch (IOException | RuntimeException e) {
            podReads.failed(kubernetes.problem(e));
            throw e;
        }
    }

    /** With the capabilities it has now, where they matter. */
    private @Nullable Agent find(Ghost ghost) throws IOException, InterruptedException {
        Agent known = directory.known(ghost.agent());
        if (known == null) {
            return directory.lookUp(ghost.agent(), ghost.since());
        }
        if (policy.capabilities().isEmpty()) {
            return known;
        }
        Agent now = pool.get(known.id());
        return now != null && now.name().equals(ghost.agent()) ? now : lookUpAnew(known);
    }

    /** The agent of that name under whatever id it has now: an agent that registers anew gets another. */
    private @Nullable Agent lookUpAnew(Agent agent) throws IOException, InterruptedException {
        AgentName name = agent.name();
        directory.forget(agent);
        return directory.lookUp(name, clock.instant());
    }

    private Situation situation(Ghost ghost) {
        Set<AgentName> placeholders = ghost.placeholder() ? Set.of(ghost.agent()) : Set.of();
        return Situation.ofEvent(ghost.trigger(), policy, clock.instant(), placeholders);
    }
}
