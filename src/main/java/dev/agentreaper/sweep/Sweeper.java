package dev.agentreaper.sweep;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.azure.Listing;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Ruling;
import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Printable;
import dev.agentreaper.health.Problem;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.removal.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps one pool: lists its agents and, after them, the cluster's pods, decides, and has the stragglers removed. What can't
 * be read ends it before anything is removed.
 */
public final class Sweeper {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);
    private static final Duration CLOCKS_AGREE_WITHIN = Duration.ofMinutes(5);
    private static final int AT_ONCE = 8;

    /** A pool could not be swept; {@code problem} is for the operator. */
    public static final class SweepException extends Exception {
        private static final long serialVersionUID = 1;

        SweepException(Problem problem, Throwable cause) {
            super(problem.toString(), cause);
        }
    }

    private final String pool;
    private final AgentDirectory directory;
    private final KubernetesApi kubernetes;
    private final Connection podReads;
    private final PodSource source;
    private final Policy policy;
    private final StragglerRemover remover;
    private final PoolFigures figures;
    private final InstantSource clock;
    private boolean clockToldOf;

    public Sweeper(
            String pool,
            AgentDirectory directory,
            KubernetesApi kubernetes,
            Connection podReads,
            PodSource source,
            Policy policy,
            StragglerRemover remover,
            PoolFigures figures,
            InstantSource clock) {
        this.pool = pool;
        this.directory = directory;
        this.kubernetes = kubernetes;
        this.podReads = podReads;
        this.source = source;
        this.policy = policy;
        this.remover = remover;
        this.figures = figures;
        this.clock = clock;
    }

    /** What a sweep would do now. */
    public SweepResult plan() throws SweepException, InterruptedException {
        return result(read(), ruling -> null);
    }

    /** Sweeps. */
    public SweepResult sweep() throws SweepException, InterruptedException {
        Reading reading = read();
        SweepResult result;
        StragglerRemover.Fresh fresh = remover.fresh(reading);
        try (ExecutorService workers = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().name("sweep " + pool + " ", 1).factory())) {
            result = result(
                    reading,
                    ruling -> ruling.removes() ? workers.submit(() -> remover.remove(ruling.agent(), fresh)) : null);
        }
        figures.seen(reading.agents(), result.kept());
        LOG.infof(
                "swept pool=%s agents=%d removed=%d kept=%s",
                pool, reading.agents().size(), result.removed(), result.kept());
        if (result.isComplete()) {
            figures.swept(clock.instant());
        }
        if (result.gone() == reading.agents().size()) {
            LOG.warnf(
                    "pool %s has no agent, so Azure DevOps rejects jobs for it. Run an agent, or where KEDA scales from"
                            + " zero register one that stays offline, named like placeholder-1.",
                    pool);
        }
        return result;
    }

    private interface Work {
        @Nullable
        Future<Outcome> start(Ruling ruling);
    }

    private SweepResult result(Reading reading, Work work) throws InterruptedException {
        List<Ruling> rulings = Decision.onAll(reading.agents(), reading.situation(policy));
        List<@Nullable Future<Outcome>> begun = new ArrayList<>();
        rulings.forEach(ruling -> begun.add(work.start(ruling)));
        List<SweepRow> rows = new ArrayList<>();
        for (int i = 0; i < rulings.size(); i++) {
            rows.add(new SweepRow(rulings.get(i), outcome(begun.get(i))));
        }
        return new SweepResult(rows, isMapped(reading));
    }

    private static @Nullable Outcome outcome(@Nullable Future<Outcome> removal) throws InterruptedException {
        try {
            return removal == null ? null : removal.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Reading read() throws SweepException, InterruptedException {
        Listing listing;
        try {
            listing = directory.refresh();
        } catch (AzureDevOpsException e) {
            throw new SweepException(e.problem(), e);
        }
        Instant now = now(listing);
        Instant podsAskedAt = clock.instant();
        try {
            Reading reading = new Reading(listing.agents(), now, source.list(kubernetes), podsAskedAt);
            podReads.worked();
            return reading;
        } catch (IOException | RuntimeException e) {
            Problem problem = kubernetes.problem(e);
            podReads.failed(problem);
            throw new SweepException(problem, e);
        }
    }

    private boolean isMapped(Reading reading) {
        boolean mapped = true;
        for (Pod pod : reading.pods()) {
            if (pod.agent() instanceof PodAgent.Untold(String why) && pod.isLive(reading.now(), policy.offlineFor())) {
                mapped = false;
                LOG.warnf(
                        "pool %s is not swept: the agent name of pod %s can't be told, for %s. Set AZP_AGENT_NAME in its"
                                + " spec, or REAPER_AGENT_NAME to how its agent is named, or leave it out by"
                                + " REAPER_POD_SELECTOR.",
                        pool, pod.key(), Printable.of(why));
            }
        }
        return mapped;
    }

    /** Azure DevOps' clock, by which it dates changes of status; the earlier of the two where they are far apart. */
    private Instant now(Listing listing) {
        Instant ours = clock.instant();
        Instant theirs = listing.date();
        if (theirs != null && Duration.between(ours, theirs).abs().compareTo(CLOCKS_AGREE_WITHIN) <= 0) {
            clockToldOf = false;
            return theirs;
        }
        if (!clockToldOf) {
            clockToldOf = true;
            LOG.warnf(
                    "pool %s: %s. The earlier of the clocks decides how long an agent has been offline; see that this"
                            + " machine's is right.",
                    pool,
                    theirs == null
                            ? "the answers of Azure DevOps have no Date"
                            : "our clock says %s, and Azure DevOps' %s".formatted(ours, theirs));
        }
        return theirs == null || ours.isBefore(theirs) ? ours : theirs;
    }
}
