package dev.agentreaper.removal;

import dev.agentreaper.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A timer whose tasks run in the test's thread, when the test lets time pass. Thread-safe. */
final class ManualTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final MutableClock clock;
    private final List<Task> tasks = new ArrayList<>();

    ManualTimer(MutableClock clock) {
        this.clock = clock;
    }

    /** Moves the clock on, and runs what is due then. */
    void pass(Duration time) {
        clock.pass(time);
        due().forEach(Task::run);
    }

    /** How long each waiting task has to wait, the soonest first. */
    synchronized List<Duration> waiting() {
        return tasks.stream()
                .filter(task -> !task.isCancelled())
                .map(task -> Duration.between(clock.instant(), task.at))
                .sorted()
                .toList();
    }

    /** The turn of the only task that waits, as its thread has it that has just begun it: to cancel the task stops it no more. */
    synchronized Runnable begun() {
        return tasks.stream()
                .filter(task -> !task.isCancelled())
                .reduce((one, other) -> {
                    throw new IllegalStateException("several tasks wait");
                })
                .orElseThrow()
                .command;
    }

    /** How many tasks wait. */
    synchronized long size() {
        return tasks.stream().filter(task -> !task.isCancelled()).count();
    }

    private synchronized List<Task> due() {
        Instant now = clock.instant();
        List<Task> due = tasks.stream()
                .filter(task -> !task.at.isAfter(now))
                .sorted(Comparator.comparing(task -> task.at))
                .toList();
        tasks.removeIf(task -> task.isDone() || !task.at.isAfter(now));
        return due;
    }

    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task task = new Task(command, clock.instant().plus(delay, unit.toChronoUnit()));
        tasks.add(task);
        return task;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable command) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final Runnable command;
        private final Instant at;

        Task(Runnable command, Instant at) {
            super(command, null);
            this.command = command;
            this.at = at;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(clock.instant().until(at, ChronoUnit.NANOS), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
