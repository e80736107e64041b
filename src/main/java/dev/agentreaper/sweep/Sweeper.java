package dev.agentreaper.sweep;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.Clocks;
import dev.agentreaper.azure.EmptyPool;
import dev.agentreaper.azure.Listing;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Ruling;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import dev.agentreaper.kubernetes.AgentPods;
import dev.agentreaper.log.Facts;
import dev.agentreaper.log.Printable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sweeps one pool: lists its agents and, after them, the cluster's pods, decides, and has the stragglers removed. What can't
 * be read ends it before anything is removed.
 */
public final class Sweeper {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    /** Whoever may create pods may make as many of these. */
    private static final int UNMAPPED_TOLD = 5;

    private final String pool;
    private final AgentDirectory directory;
    private final AgentPods pods;
    private final Policy policy;
    private final SweepBatch batch;
    private final SweepMetrics metrics;
    private final InstantSource clock;
    private boolean warnedOfClock;
    private volatile @Nullable LastSweep last;
    private volatile Step step = Step.AGENTS;

    /** What a sweep does, one after the other; a plan does all but the last. */
    public enum Step {
        /** Azure DevOps is asked for the agents. */
        AGENTS,
        /** The API server is asked for the pods. */
        PODS,
        /** Stragglers are removed. */
        REMOVALS
    }

    /** @param at when it ended */
    public record LastSweep(Instant at, SweepResult result) {}

    /**
     * How far it is.
     *
     * @param done the agents that were listed so far; of removals, those that were tried
     * @param of how many removals there are; else 0
     */
    public record Progress(Step step, int done, int of) {}

    public Sweeper(
            String pool,
            AgentDirectory directory,
            AgentPods pods,
            Policy policy,
            StragglerRemover remover,
            SweepMetrics metrics,
            InstantSource clock) {
        this.pool = pool;
        this.directory = directory;
        this.pods = pods;
        this.policy = policy;
        this.batch = new SweepBatch(pool, remover);
        this.metrics = metrics;
        this.clock = clock;
    }

    /** What was read, and what is decided on it. */
    private record Decided(Reading reading, Situation situation, List<Problem> unmapped, List<Ruling> rulings) {}

    private Decided decide() throws ProblemException, InterruptedException {
        Reading reading = read();
        Situation situation = reading.situation(policy);
        return new Decided(
                reading, situation, unmapped(reading.pods(), situation), Decision.onAll(reading.agents(), situation));
    }

    /** What a sweep would do now. */
    public SweepResult plan() throws ProblemException, InterruptedException {
        Decided decided = decide();
        return new SweepResult(
                decided.rulings().stream()
                        .map(ruling -> new SweepRow(ruling, null))
                        .toList(),
                decided.reading().pods().size(),
                decided.unmapped());
    }

    /** Sweeps. */
    public SweepResult sweep() throws ProblemException, InterruptedException {
        Decided decided = decide();
        Reading reading = decided.reading();
        step = Step.REMOVALS;
        SweepResult result = new SweepResult(
                batch.remove(decided.rulings(), new FreshReading(reading, decided.situation(), pods, policy, clock)),
                reading.pods().size(),
                decided.unmapped());
        last = new LastSweep(clock.instant(), result);
        metrics.seen(reading.agents(), result.kept());
        LOG.infof(
                "swept %s",
                new Facts()
                        .and("pool", pool)
                        .and("pods", result.pods())
                        .and("agents", reading.agents().size())
                        .and("removed", result.removed())
                        .and("kept", result.kept()));
        if (result.isComplete()) {
            metrics.swept(clock.instant());
        }
        if (result.gone() == reading.agents().size()) {
            LOG.warnf("%s", EmptyPool.problem("pool " + pool), ofPool());
        }
        return result;
    }

    /** The last sweep that could read all it needs; null before there was one. */
    public @Nullable LastSweep last() {
        return last;
    }

    /** Begins no more removals. */
    public void stop() {
        batch.stop();
    }

    /** What it is at now, or was at last, and how far that is. */
    public Progress progress() {
        return switch (step) {
            case AGENTS -> new Progress(Step.AGENTS, directory.listedSoFar(), 0);
            case PODS -> new Progress(Step.PODS, 0, 0);
            case REMOVALS -> new Progress(Step.REMOVALS, batch.ended(), batch.begun());
        };
    }

    private Reading read() throws ProblemException, InterruptedException {
        step = Step.AGENTS;
        Listing listing = directory.refresh();
        Instant now = now(listing);
        step = Step.PODS;
        List<Pod> listed = pods.list();
        return new Reading(listing.agents(), now, listed, clock.instant());
    }

    /** Says, and returns, of which live pods the agent's name can't be told. */
    private List<Problem> unmapped(List<Pod> pods, Situation situation) {
        List<Problem> unmapped = new ArrayList<>();
        for (Pod pod : pods) {
            if (pod.agent() instanceof PodAgent.Unmapped(String why) && situation.isLive(pod)) {
                unmapped.add(new Problem(
                        "unmapped",
                        "the agent name of pod %s is unknown: %s."
                                .formatted(Printable.of(pod.key().toString()), Printable.of(why)),
                        AgentNameTemplate.CURE_OF_UNMAPPED + "."));
            }
        }
        unmapped.stream()
                .limit(UNMAPPED_TOLD)
                .forEach(problem -> LOG.warnf(
                        "pool %s is not swept: %s",
                        pool,
                        problem,
                        ofPool().andField("problem", problem.what()).andField("cure", problem.cure())));
        if (unmapped.size() > UNMAPPED_TOLD) {
            LOG.warnf(
                    "pool %s is not swept: nor can the agent names of %d more pods be told",
                    pool, unmapped.size() - UNMAPPED_TOLD, ofPool());
        }
        return unmapped;
    }

    /** What a line that says it in words is about, for who searches the log. */
    private Facts ofPool() {
        return new Facts().andField("pool", pool);
    }

    private Instant now(Listing listing) {
        Clocks clocks = new Clocks(clock.instant(), listing.date());
        if (!clocks.agree() && !warnedOfClock) {
            LOG.warnf(
                    "pool %s: %s. The earlier of the clocks decides how long an agent has been offline; see that this"
                            + " machine's is right.",
                    pool, clocks, ofPool());
        }
        warnedOfClock = !clocks.agree();
        return clocks.now();
    }
}
