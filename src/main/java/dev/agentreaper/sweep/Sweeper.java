package dev.agentreaper.sweep;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.Listing;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Ruling;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.health.Facts;
import dev.agentreaper.health.Printable;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.kubernetes.AgentPods;
import dev.agentreaper.removal.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
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
    // Else a service that refuses all would be asked for every agent.
    private static final int MADE_ROOM_FOR = 50;

    private final String pool;
    private final AgentDirectory directory;
    private final AgentPods pods;
    private final Policy policy;
    private final StragglerRemover remover;
    private final PoolFigures figures;
    private final InstantSource clock;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private boolean warnedOfClock;
    private volatile @Nullable LastSweep last;
    private volatile Step step = Step.AGENTS;
    private volatile boolean stopped;

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
            PoolFigures figures,
            InstantSource clock) {
        this.pool = pool;
        this.directory = directory;
        this.pods = pods;
        this.policy = policy;
        this.remover = remover;
        this.figures = figures;
        this.clock = clock;
    }

    /** What a sweep would do now. */
    public SweepResult plan() throws ProblemException, InterruptedException {
        Reading reading = read();
        Situation situation = reading.situation(policy);
        return new SweepResult(
                Decision.onAll(reading.agents(), situation).stream()
                        .map(ruling -> new SweepRow(ruling, null))
                        .toList(),
                reading.pods().size(),
                unmapped(reading));
    }

    /** Sweeps. */
    public SweepResult sweep() throws ProblemException, InterruptedException {
        Reading reading = read();
        Situation situation = reading.situation(policy);
        List<Problem> unmapped = unmapped(reading);
        List<Ruling> rulings = Decision.onAll(reading.agents(), situation);
        SweepResult result =
                new SweepResult(remove(rulings, reading), reading.pods().size(), unmapped);
        last = new LastSweep(clock.instant(), result);
        figures.seen(reading.agents(), result.kept());
        LOG.infof(
                "swept %s",
                new Facts()
                        .and("pool", pool)
                        .and("pods", result.pods())
                        .and("agents", reading.agents().size())
                        .and("removed", result.removed())
                        .and("kept", result.kept()));
        if (result.isComplete()) {
            figures.swept(clock.instant());
        }
        if (result.gone() == reading.agents().size()) {
            LOG.warnf(
                    "pool %s has no agent, so Azure DevOps rejects jobs for it. Run an agent, or where KEDA scales from"
                            + " zero register one that stays offline, named like placeholder-1.",
                    pool, ofPool());
        }
        return result;
    }

    /** The last sweep that could read all it needs; null before there was one. */
    public @Nullable LastSweep last() {
        return last;
    }

    /** Begins no more removals. */
    public void stop() {
        stopped = true;
    }

    /** What it is at now, or was at last. */
    public Step step() {
        return step;
    }

    /** How far that is. */
    public Progress progress() {
        return switch (step) {
            case AGENTS -> new Progress(Step.AGENTS, directory.listedSoFar(), 0);
            case PODS -> new Progress(Step.PODS, 0, 0);
            case REMOVALS -> new Progress(Step.REMOVALS, ended.get(), begun.get());
        };
    }

    /** Several at a time, the longest offline first. One that turns out not to be deleted makes room for the next. */
    private List<SweepRow> remove(List<Ruling> rulings, Reading reading) throws InterruptedException {
        begun.set(0);
        ended.set(0);
        step = Step.REMOVALS;
        FreshReading fresh = new FreshReading(reading, pods, policy, clock);
        Map<Agent, SweepRow> tried = new HashMap<>();
        Iterator<Ruling> beyondLimit = rulings.stream()
                .filter(Ruling::isBeyondLimit)
                .limit(MADE_ROOM_FOR)
                .map(ruling -> new Ruling(ruling.agent(), new Verdict.Remove()))
                .iterator();
        List<Ruling> next = rulings.stream().filter(Ruling::removes).toList();
        try (ExecutorService workers = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().name("sweep " + pool + " ", 1).factory())) {
            while (!next.isEmpty()) {
                List<Ruling> room = new ArrayList<>();
                for (SweepRow row : remove(next, fresh, workers)) {
                    tried.put(row.agent(), row);
                    if (row.outcome() != null && row.outcome().deletedNothing() && beyondLimit.hasNext()) {
                        room.add(beyondLimit.next());
                    }
                }
                next = room;
            }
        }
        return rulings.stream()
                .map(ruling -> tried.getOrDefault(ruling.agent(), new SweepRow(ruling, null)))
                .toList();
    }

    private List<SweepRow> remove(List<Ruling> rulings, FreshReading fresh, ExecutorService workers)
            throws InterruptedException {
        begun.addAndGet(rulings.size());
        List<Callable<SweepRow>> turns = rulings.stream()
                .<Callable<SweepRow>>map(ruling -> () -> new SweepRow(ruling, outcome(ruling, fresh)))
                .toList();
        List<SweepRow> done = new ArrayList<>();
        for (Future<SweepRow> row : workers.invokeAll(turns)) {
            try {
                done.add(row.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
        return done;
    }

    private @Nullable Outcome outcome(Ruling ruling, FreshReading fresh) throws InterruptedException {
        Outcome outcome = stopped ? null : remover.remove(ruling.agent(), fresh);
        ended.incrementAndGet();
        return outcome;
    }

    private Reading read() throws ProblemException, InterruptedException {
        step = Step.AGENTS;
        Listing listing = directory.refresh();
        Instant now = now(listing);
        step = Step.PODS;
        Instant podsAskedAt = clock.instant();
        return new Reading(listing.agents(), now, pods.list(), podsAskedAt);
    }

    /** Says, and returns, of which live pods the agent's name can't be told. */
    private List<Problem> unmapped(Reading reading) {
        List<Problem> unmapped = new ArrayList<>();
        for (Pod pod : reading.pods()) {
            if (pod.agent() instanceof PodAgent.Untold(String why) && pod.isLive(reading.now(), policy.offlineFor())) {
                unmapped.add(new Problem(
                        "unmapped",
                        "the agent name of pod %s is unknown: %s."
                                .formatted(Printable.of(pod.key().toString()), Printable.of(why)),
                        "set AZP_AGENT_NAME in its spec, or REAPER_AGENT_NAME to how its agent is named, or leave it out by"
                                + " REAPER_POD_SELECTOR."));
            }
        }
        unmapped.forEach(problem -> LOG.warnf(
                "pool %s is not swept: %s",
                pool, problem, ofPool().andField("problem", problem.what()).andField("cure", problem.cure())));
        return unmapped;
    }

    /** What a line that says it in words is about, for who searches the log. */
    private Facts ofPool() {
        return new Facts().andField("pool", pool);
    }

    /** Azure DevOps' clock, by which it dates changes of status; the earlier of the two where they are far apart. */
    private Instant now(Listing listing) {
        Instant ours = clock.instant();
        Instant theirs = listing.date();
        if (theirs != null && Duration.between(ours, theirs).abs().compareTo(CLOCKS_AGREE_WITHIN) <= 0) {
            warnedOfClock = false;
            return theirs;
        }
        if (!warnedOfClock) {
            warnedOfClock = true;
            LOG.warnf(
                    "pool %s: %s. The earlier of the clocks decides how long an agent has been offline; see that this"
                            + " machine's is right.",
                    pool,
                    theirs == null
                            ? "the answers of Azure DevOps have no Date"
                            : "our clock says %s, and Azure DevOps' %s".formatted(ours, theirs),
                    ofPool());
        }
        return theirs == null || ours.isBefore(theirs) ? ours : theirs;
    }
}
