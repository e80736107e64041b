package dev.agentreaper.removal;

import java.time.Duration;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The threads that remove from one pool, none of them while there is nothing to do. Thread-safe. */
final class RemovalWorkers {
    private static final Duration IDLE_FOR = Duration.ofSeconds(10);

    private final ThreadPoolExecutor threads;
    private final AtomicLong given = new AtomicLong();

    RemovalWorkers(ThreadFactory factory, int atOnce) {
        threads = new ThreadPoolExecutor(
                atOnce, atOnce, IDLE_FOR.toSeconds(), TimeUnit.SECONDS, new PriorityBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Has it done: before all that are repeated if it is not, and else after those that came before it.
     *
     * @throws RejectedExecutionException once closed
     * @throws OutOfMemoryError where there is no thread for it
     */
    void execute(Runnable attempt, boolean repeated) {
        threads.execute(new Turn(attempt, repeated, given.getAndIncrement()));
    }

    boolean isClosed() {
        return threads.isShutdown();
    }

    /** Takes no more. */
    void close() {
        threads.shutdown();
    }

    /** Once they are closed: gives what they have taken this long to be done. */
    void awaitEnd(Duration within) throws InterruptedException {
        if (!threads.awaitTermination(within.toMillis(), TimeUnit.MILLISECONDS)) {
            threads.shutdownNow();
        }
    }

    private record Turn(Runnable attempt, boolean repeated, long number) implements Runnable, Comparable<Turn> {
        @Override
        public void run() {
            attempt.run();
        }

        @Override
        public int compareTo(Turn other) {
            return repeated == other.repeated
                    ? Long.compare(number, other.number)
                    : Boolean.compare(repeated, other.repeated);
        }
    }
}
