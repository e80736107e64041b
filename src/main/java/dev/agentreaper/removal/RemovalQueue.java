package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.log.Facts;
import dev.agentreaper.log.Printable;
import dev.agentreaper.network.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The ghosts of one pool that are to be removed: one entry an agent, however often it is told of, at most eight at work at
 * a time, first attempts before repeated ones. Thread-safe.
 *
 * <p>Each ghost has one first attempt at once. What it costs to try again has a bound that does not grow with the number of
 * ghosts. Those that wait for a job's end come back after 15 s at most and share a list (see {@link GhostRemover}): at most 6
 * calls a minute, and one DELETE each when the job has ended. All others, once as many attempts in a row have failed as there
 * are workers, make 120 attempts a minute together until one of them works; then all are due that have waited.
 *
 * <p>It is long, since all that is here changes under one lock.
 */
public final class RemovalQueue {
    private static final Logger LOG = Logger.getLogger(RemovalQueue.class);
    private static final int AT_ONCE = 8;
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15));

    private final String pool;
    private final Attempt attempt;
    private final RemovalRecorder recorder;
    private final Duration retryFor;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final RemovalWorkers workers;
    private final SequencedMap<AgentName, QueueEntry> entries = new LinkedHashMap<>();
    private final RetryGate gate = new RetryGate(AT_ONCE);
    private final SequencedSet<QueueEntry> heldBack = new LinkedHashSet<>();
    private boolean releasing;
    private String lastFailure = "";

    /** @param timer starts repeated attempts */
    public RemovalQueue(
            String pool,
            Attempt attempt,
            RemovalRecorder recorder,
            Duration retryFor,
            InstantSource clock,
            ScheduledExecutorService timer) {
        this.pool = pool;
        this.attempt = attempt;
        this.recorder = recorder;
        this.retryFor = retryFor;
        this.clock = clock;
        this.timer = timer;
        this.workers = new RemovalWorkers(pool, AT_ONCE);
    }

    /** Takes a ghost; if its agent is waiting already, it is tried again at once. */
    public synchronized void offer(Ghost ghost) {
        QueueEntry entry = entries.get(ghost.agent());
        if (entry == null) {
            entry = new QueueEntry(ghost);
            entries.put(ghost.agent(), entry);
            submit(entry, false);
            return;
        }
        entry.ghost = entry.ghost.and(ghost);
        entry.attempts = 0;
        if (entry.running) {
            entry.again = true;
        } else if (entry.takeFromTimer()) {
            heldBack.remove(entry);
            submit(entry, false);
        }
    }

    /** How many agents wait or are at work. */
    public synchronized int size() {
        return entries.size();
    }

    /** Of those, so many that were told of first. */
    public synchronized List<Waiting> longestWaiting(int atMost) {
        return entries.values().stream()
                .limit(atMost)
                .map(entry -> new Waiting(entry.ghost, entry.why))
                .toList();
    }

    /** Takes no more; what waits for a later attempt is left. */
    public void close() {
        workers.close();
    }

    /** Once it is closed: gives what is due this long to be done. */
    public void awaitEnd(Duration within) throws InterruptedException {
        workers.awaitEnd(within);
    }

    /** @param passes the gate has let it pass */
    private void submit(QueueEntry entry, boolean passes) {
        entry.timed = null;
        entry.turns++;
        try {
            workers.execute(() -> run(entry, passes), entry.attempts > 0);
        } catch (RejectedExecutionException e) {
            // Closed: it is left, and counted among those that are.
        }
    }

    private void run(QueueEntry entry, boolean passes) {
        Ghost ghost;
        synchronized (this) {
            if (entry.failed && entry.attempts > 0 && !passes && !mayPass()) {
                holdBack(entry);
                return;
            }
            ghost = entry.ghost;
            entry.running = true;
            entry.again = false;
        }
        try {
            AttemptResult result = attempt(ghost);
            if (result instanceof AttemptResult.Ended(Outcome outcome)) {
                // Not under the lock, for which the watch waits; and before it is out: where none waits, all are told.
                record(ghost, outcome);
            }
            ended(entry, ghost, result);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private AttemptResult attempt(Ghost ghost) throws InterruptedException {
        Facts facts = new Facts()
                .and("pool", pool)
                .and("agent", Printable.of(ghost.agent().value()));
        try {
            return attempt.remove(ghost);
        } catch (IOException e) {
            LOG.debugf("attempt failed: %s: %s", facts, e.getMessage());
            return new AttemptResult.Failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "attempt failed: %s", facts);
            return new AttemptResult.Failed(e.toString());
        }
    }

    private synchronized void ended(QueueEntry entry, Ghost ghost, AttemptResult result) {
        boolean recovered = entry.failed;
        entry.running = false;
        entry.failed = result instanceof AttemptResult.Failed;
        switch (result) {
            case AttemptResult.Ended(Outcome _) -> {
                entry.why = null;
                openGate();
                if (entry.again) {
                    submit(entry, false);
                } else {
                    entries.remove(ghost.agent());
                }
            }
            case AttemptResult.Busy(String why) -> {
                if (ghost.busyAt() == null || recovered) {
                    openGate();
                }
                // Else it waits for its job as before, by a list that may be older than what fails now.
                if (ghost.busyAt() == null && !entry.again) {
                    entry.ghost = ghost.busy(clock.instant());
                }
                tryAgain(entry, why);
            }
            case AttemptResult.Failed(String why) -> {
                gate.failed();
                lastFailure = why;
                tryAgain(entry, why);
            }
        }
    }

    /** At once if it was told of meanwhile, else after a pause, or not at all once its time is over. */
    private void tryAgain(QueueEntry entry, String why) {
        entry.why = why;
        if (entry.again) {
            submit(entry, false);
        } else if (!clock.instant().isBefore(end(entry))) {
            giveUp(entry, why);
        } else if (!workers.isClosed()) {
            int turns = entry.turns;
            entry.timed = timer.schedule(
                    () -> retry(entry, turns), BACKOFF.spread(++entry.attempts).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Unless it was given to the workers since this was planned: then this has waited for the lock. */
    private synchronized void retry(QueueEntry entry, int turns) {
        if (entry.turns == turns) {
            submit(entry, false);
        }
    }

    private Instant end(QueueEntry entry) {
        return entry.ghost.since().plus(retryFor);
    }

    private boolean mayPass() {
        if (!gate.isClosed()) {
            return true;
        }
        boolean now = heldBack.isEmpty() && gate.untilNext(clock.instant()).isZero();
        if (now) {
            gate.letPass(clock.instant());
        }
        return now;
    }

    private void openGate() {
        gate.worked();
        List.copyOf(heldBack).forEach(entry -> release(entry, false));
    }

    /** Until the gate lets it pass, or its time is over. */
    private void holdBack(QueueEntry entry) {
        Duration left = Duration.between(clock.instant(), end(entry));
        entry.timed = timer.schedule(() -> giveUp(entry), Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
        heldBack.add(entry);
        if (!releasing) {
            scheduleRelease();
        }
    }

    private void scheduleRelease() {
        releasing = true;
        var _ = timer.schedule(
                this::releaseNext, gate.untilNext(clock.instant()).toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void releaseNext() {
        releasing = false;
        if (!heldBack.isEmpty()) {
            gate.letPass(clock.instant());
            release(heldBack.getFirst(), true);
            scheduleRelease();
        }
    }

    private void release(QueueEntry entry, boolean passes) {
        if (heldBack.remove(entry) && entry.takeFromTimer()) {
            submit(entry, passes);
        }
    }

    private synchronized void giveUp(QueueEntry entry) {
        if (heldBack.remove(entry)) {
            giveUp(entry, "nothing works for now: " + lastFailure);
        }
    }

    private void giveUp(QueueEntry entry, String why) {
        entries.remove(entry.ghost.agent());
        record(entry.ghost, new Outcome.GaveUp(why));
    }

    private void record(Ghost ghost, Outcome outcome) {
        recorder.record(
                ghost.agent(),
                ghost.pods(),
                ghost.trigger(),
                Duration.between(ghost.since(), clock.instant()),
                outcome);
    }
}
