package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.log.Facts;
import dev.agentreaper.log.Printable;
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
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The ghosts of one pool that are to be removed: one entry an agent, however often it is told of, at most eight at work at
 * a time, first attempts before repeated ones. Thread-safe.
 *
 * <p>Each ghost has one first attempt at once. What it costs to try again has a bound that does not grow with the number of
 * ghosts. Those that wait for a job's end come back after 15 s at most and share a list (see {@link GhostRemover}): at most 6
 * calls a minute, and one DELETE each when the job has ended. All others, once as many attempts in a row have failed as there
 * are workers, make 120 attempts a minute together until one of them works; then all are due that have waited.
 */
public final class RemovalQueue {
    private static final Logger LOG = Logger.getLogger(RemovalQueue.class);
    private static final int AT_ONCE = 8;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final String pool;
    private final Attempt attempt;
    private final Outcomes outcomes;
    private final Duration retryFor;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final RemovalWorkers workers;
    private final SequencedMap<AgentName, Entry> entries = new LinkedHashMap<>();
    private final RetryGate gate = new RetryGate(AT_ONCE);
    private final SequencedSet<Entry> heldBack = new LinkedHashSet<>();
    private boolean releasing;
    private String lastFailure = "";

    /** @param timer starts repeated attempts */
    public RemovalQueue(
            String pool,
            Attempt attempt,
            Outcomes outcomes,
            Duration retryFor,
            InstantSource clock,
            ScheduledExecutorService timer) {
        this.pool = pool;
        this.attempt = attempt;
        this.outcomes = outcomes;
        this.retryFor = retryFor;
        this.clock = clock;
        this.timer = timer;
        this.workers = new RemovalWorkers(pool, AT_ONCE);
    }

    /** Takes a ghost; if its agent is waiting already, it is tried again at once. */
    public synchronized void offer(Ghost ghost) {
        Entry entry = entries.get(ghost.agent());
        if (entry == null) {
            entry = new Entry(ghost);
            entries.put(ghost.agent(), entry);
            submit(entry);
            return;
        }
        entry.ghost = entry.ghost.and(ghost);
        entry.attempts = 0;
        if (entry.running) {
            entry.again = true;
        } else if (entry.retry != null && entry.retry.cancel(false)) {
            heldBack.remove(entry);
            submit(entry);
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

    private void submit(Entry entry) {
        entry.retry = null;
        try {
            workers.execute(() -> run(entry), entry.attempts > 0);
        } catch (RejectedExecutionException e) {
            // Closed: it is left, and counted among those that are.
        }
    }

    private void run(Entry entry) {
        Ghost ghost;
        synchronized (this) {
            if (entry.failed && entry.attempts > 0 && !mayGo(entry)) {
                holdBack(entry);
                return;
            }
            ghost = entry.ghost;
            entry.running = true;
            entry.again = false;
        }
        Outcome outcome = null;
        String why = "";
        boolean busy = false;
        try {
            outcome = attempt.remove(ghost);
        } catch (AgentBusyException e) {
            busy = true;
            why = String.valueOf(e.getMessage());
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
            LOG.debugf("attempt failed: %s: %s", facts(ghost), why);
        } catch (RuntimeException | Error e) {
            why = e.toString();
            LOG.errorf(e, "attempt failed: %s", facts(ghost));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        ended(entry, ghost, outcome, why, busy);
    }

    private Facts facts(Ghost ghost) {
        return new Facts()
                .and("pool", pool)
                .and("agent", Printable.of(ghost.agent().value()));
    }

    private synchronized void ended(Entry entry, Ghost ghost, @Nullable Outcome outcome, String why, boolean busy) {
        entry.running = false;
        entry.why = outcome == null ? why : null;
        boolean recovered = entry.failed;
        entry.failed = outcome == null && !busy;
        Instant now = clock.instant();
        if (entry.failed) {
            gate.failed();
            lastFailure = why;
        } else if (outcome != null || ghost.busyAt() == null || recovered) {
            // Not where it waits for its job as before, by a list that may be older than what fails now.
            gate.worked();
            List.copyOf(heldBack).forEach(this::release);
        }
        if (busy && !entry.again && ghost.busyAt() == null) {
            entry.ghost = ghost.busy(now);
        }
        if (outcome == null && entry.again) {
            submit(entry);
        } else if (outcome == null && now.isBefore(ghost.since().plus(retryFor))) {
            if (workers.isClosed()) {
                return;
            }
            Duration pause = pause(entry.attempts++);
            entry.retry = timer.schedule(() -> retry(entry), pause.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            record(ghost, outcome == null ? new Outcome.GaveUp(why) : outcome);
            if (entry.again) {
                submit(entry);
            } else {
                entries.remove(ghost.agent());
            }
        }
    }

    private synchronized void retry(Entry entry) {
        if (entry.retry != null) {
            submit(entry);
        }
    }

    private boolean mayGo(Entry entry) {
        if (!gate.isClosed() || entry.released) {
            entry.released = false;
            return true;
        }
        boolean now = heldBack.isEmpty() && gate.untilNext(clock.instant()).isZero();
        if (now) {
            gate.letPass(clock.instant());
        }
        return now;
    }

    /** Until the gate lets it pass, or its time is over. */
    private void holdBack(Entry entry) {
        Duration left = Duration.between(clock.instant(), entry.ghost.since().plus(retryFor));
        entry.retry = timer.schedule(() -> giveUp(entry), Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
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
            Entry first = heldBack.getFirst();
            first.released = true;
            gate.letPass(clock.instant());
            release(first);
            scheduleRelease();
        }
    }

    private void release(Entry entry) {
        if (heldBack.remove(entry) && entry.retry != null && entry.retry.cancel(false)) {
            submit(entry);
        }
    }

    private synchronized void giveUp(Entry entry) {
        if (heldBack.remove(entry)) {
            entries.remove(entry.ghost.agent());
            record(entry.ghost, new Outcome.GaveUp("nothing works for now: " + lastFailure));
        }
    }

    private void record(Ghost ghost, Outcome outcome) {
        outcomes.record(
                ghost.agent(),
                ghost.pods(),
                ghost.trigger(),
                Duration.between(ghost.since(), clock.instant()),
                outcome);
    }

    /** Doubling, and spread over half its length so that those that failed together do not come back together. */
    private static Duration pause(int attempts) {
        long longest = Math.min(FIRST_PAUSE.toMillis() << Math.min(attempts, 10), LONGEST_PAUSE.toMillis());
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    }

    private static final class Entry {
        Ghost ghost;
        int attempts;
        boolean running;
        boolean again;
        /** The last attempt failed, for another reason than a job. */
        boolean failed;
        /** The gate has let it pass. */
        boolean released;

        /** Why the last attempt did not end it; null before there was one. */
        @Nullable
        String why;

        @Nullable
        ScheduledFuture<?> retry;

        Entry(Ghost ghost) {
            this.ghost = ghost;
        }
    }
}
