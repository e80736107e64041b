package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.log.Facts;
import dev.agentreaper.log.Printable;
import dev.agentreaper.network.Backoff;
import dev.agentreaper.removal.QueueEntry.Place;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The ghosts of one pool that are to be removed: one entry an agent, however often it is told of, at most eight at work at
 * a time, first attempts before repeated ones. Thread-safe.
 *
 * <p>Each ghost has one first attempt at once. What it costs to try again has a bound that does not grow with the number of
 * ghosts. Those that wait for a job's end come back after 15 s at most and share a list (see {@link GhostRemover}): at most 6
 * calls a minute, and one DELETE each when the job has ended. All others, once as many attempts in a row have failed as there
 * are workers, make 120 attempts a minute together until one works; then all are due that have waited.
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
    private final RetryGate<QueueEntry> gate = new RetryGate<>(AT_ONCE);
    /** The timer will let the next through the gate. */
    private boolean releasing;

    /**
     * @param timer starts repeated attempts
     * @param threads makes the threads that attempts run in
     */
    public RemovalQueue(
            String pool,
            Attempt attempt,
            RemovalRecorder recorder,
            Duration retryFor,
            InstantSource clock,
            ScheduledExecutorService timer,
            ThreadFactory threads) {
        this.pool = pool;
        this.attempt = attempt;
        this.recorder = recorder;
        this.retryFor = retryFor;
        this.clock = clock;
        this.timer = timer;
        this.workers = new RemovalWorkers(threads, AT_ONCE);
    }

    /** Takes a ghost. If its agent waits for another attempt, that is due at once; if it is being tried, right after. */
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
        switch (entry.place) {
            case DUE, TOLD_AGAIN -> {}
            case RUNNING -> entry.moveTo(Place.TOLD_AGAIN);
            case PAUSED, HELD_BACK -> {
                gate.leave(entry);
                submit(entry, false);
            }
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
        entry.moveTo(Place.DUE);
        try {
            workers.execute(() -> run(entry, passes), entry.attempts > 0);
        } catch (RejectedExecutionException e) {
            // Closed: it is left, and counted among those that are.
        } catch (Error e) {
            tryAgain(entry, e.toString());
            LOG.errorf("no thread to remove from pool %s: %s", pool, e);
        }
    }

    private void run(QueueEntry entry, boolean passes) {
        Ghost ghost;
        synchronized (this) {
            boolean repeated = entry.failed && entry.attempts > 0 && !passes;
            if (repeated && !gate.passes(entry, clock.instant())) {
                holdBack(entry);
                return;
            }
            ghost = entry.ghost;
            entry.moveTo(Place.RUNNING);
        }
        try {
            AttemptResult result = attempt(ghost);
            if (result instanceof Outcome outcome) {
                // Not under the lock, for which the watch waits; and before it is out: where none waits, all are told.
                record(ghost, outcome);
            }
            ended(entry, ghost, result);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "a removal from pool %s was lost", pool);
            lost(entry, e);
        }
    }

    /** Else its agent could not be told of again. */
    private synchronized void lost(QueueEntry entry, Throwable fault) {
        giveUp(entry, "a fault of Agent Reaper: " + fault);
    }

    private AttemptResult attempt(Ghost ghost) throws InterruptedException {
        Facts facts = new Facts()
                .and("pool", pool)
                .and("agent", Printable.of(ghost.agent().value()));
        try {
            return attempt.remove(ghost);
        } catch (IOException e) {
            LOG.debugf("attempt failed: %s: %s", facts, e.getMessage());
            return new AttemptResult.NotNow(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "attempt failed: %s", facts);
            return new AttemptResult.NotNow(e.toString());
        }
    }

    private synchronized void ended(QueueEntry entry, Ghost ghost, AttemptResult result) {
        boolean recovered = entry.failed;
        entry.failed = result instanceof AttemptResult.NotNow;
        switch (result) {
            case Outcome outcome -> {
                entry.why = null;
                // That one is kept does not say that Azure DevOps answers again.
                if (recovered || !(outcome instanceof Outcome.Kept)) {
                    openGate();
                }
                if (entry.place == Place.TOLD_AGAIN) {
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
                if (ghost.busyAt() == null && entry.place == Place.RUNNING) {
                    entry.ghost = ghost.busy(clock.instant());
                }
                tryAgain(entry, why);
            }
            case AttemptResult.NotNow(String why) -> {
                gate.failed();
                tryAgain(entry, why);
            }
        }
    }

    /** At once if it was told of meanwhile, else after a pause, or not at all once its time is over. */
    private void tryAgain(QueueEntry entry, String why) {
        entry.why = why;
        if (entry.place == Place.TOLD_AGAIN) {
            submit(entry, false);
        } else if (!untilGivenUp(entry).isPositive()) {
            giveUp(entry, why);
        } else if (!workers.isClosed()) {
            Duration pause = BACKOFF.spread(++entry.attempts);
            entry.moveTo(Place.PAUSED, after(pause, () -> retry(entry)));
        }
    }

    private synchronized void retry(QueueEntry entry) {
        if (entry.place == Place.PAUSED) {
            submit(entry, false);
        }
    }

    private void openGate() {
        gate.worked().forEach(entry -> submit(entry, false));
    }

    /** Until the gate lets it pass, or its time is over. */
    private void holdBack(QueueEntry entry) {
        entry.moveTo(Place.HELD_BACK, after(untilGivenUp(entry), () -> endHoldingBack(entry)));
        if (!releasing) {
            scheduleRelease();
        }
    }

    private void scheduleRelease() {
        releasing = true;
        var _ = after(gate.untilNext(clock.instant()), this::releaseNext);
    }

    private synchronized void releaseNext() {
        releasing = false;
        QueueEntry next = gate.next(clock.instant());
        if (next != null) {
            submit(next, true);
            scheduleRelease();
        }
    }

    private synchronized void endHoldingBack(QueueEntry entry) {
        if (entry.place == Place.HELD_BACK) {
            gate.leave(entry);
            giveUp(entry, String.valueOf(entry.why));
        }
    }

    /** It is recorded under the lock, as that it is given up is rare. */
    private void giveUp(QueueEntry entry, String why) {
        entries.remove(entry.ghost.agent());
        record(entry.ghost, new Outcome.GaveUp(why));
    }

    private Duration untilGivenUp(QueueEntry entry) {
        return Duration.between(clock.instant(), entry.ghost.since().plus(retryFor));
    }

    private ScheduledFuture<?> after(Duration pause, Runnable then) {
        return timer.schedule(then, Math.max(0, pause.toMillis()), TimeUnit.MILLISECONDS);
    }

    private void record(Ghost ghost, Outcome outcome) {
        Instant now = clock.instant();
        recorder.record(new Removal(
                now, ghost.agent(), ghost.pods(), ghost.trigger(), Duration.between(ghost.since(), now), outcome));
    }
}
