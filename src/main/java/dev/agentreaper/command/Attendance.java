package dev.agentreaper.command;

import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.log.Facts;
import dev.agentreaper.sweep.Sweeper;
import dev.agentreaper.sweep.Sweeper.Step;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Attends to whoever waits for a command that ends by itself (a person, a pipeline, a CronJob with a deadline): says what
 * takes long, and lets a signal end it at once. Nothing is lost by that but removals in flight, which are waited for.
 * Thread-safe.
 */
final class Attendance implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Attendance.class);
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Duration shutdownTimeout;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("attendance").daemon().factory());
    private @Nullable Signal signal;
    private @Nullable Sweeper sweeper;
    private String url = "";

    /** @param shutdownTimeout how long removals in flight are waited for */
    Attendance(Duration shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
        for (String name : List.of("TERM", "INT")) {
            Signal.handle(new Signal(name), this::stop);
        }
    }

    /** Says that a pool is turned to; false where it must not be, as a signal came. */
    synchronized boolean begins(PoolSettings pool, Sweeper itsSweeper) {
        if (signal != null) {
            return false;
        }
        url = pool.url().toString();
        sweeper = itsSweeper;
        var _ = timer.schedule(() -> tellOf(pool.name(), itsSweeper), LONG.toSeconds(), TimeUnit.SECONDS);
        return true;
    }

    /** @return 128 and the signal's number where one came, as shells have it */
    synchronized int exitCode(int otherwise) {
        return signal == null ? otherwise : 128 + signal.getNumber();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        closed.countDown();
    }

    private synchronized void tellOf(String pool, Sweeper itsSweeper) {
        if (sweeper == itsSweeper && signal == null) {
            LOG.infof(
                    "pool %s takes long, %d s so far: waiting for %s",
                    pool, LONG.toSeconds(), what(itsSweeper.progress().step()), new Facts().andField("pool", pool));
        }
    }

    private void stop(Signal received) {
        if (hasRemovalsInFlight(received)) {
            try {
                var _ = closed.await(shutdownTimeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        // An orderly exit would take the HTTP client from the call that waits, which the framework tells at length.
        Runtime.getRuntime().halt(128 + received.getNumber());
    }

    private synchronized boolean hasRemovalsInFlight(Signal received) {
        signal = received;
        if (sweeper == null) {
            LOG.warnf("stopped by SIG%s", received.getName());
            return false;
        }
        sweeper.stop();
        if (sweeper.progress().step() != Step.REMOVALS) {
            LOG.warnf(
                    "stopped by SIG%s while waiting for %s",
                    received.getName(), what(sweeper.progress().step()));
            return false;
        }
        LOG.warnf(
                "stopped by SIG%s: finishing removals in flight, for at most %d s",
                received.getName(), shutdownTimeout.toSeconds());
        return true;
    }

    private String what(Step step) {
        return switch (step) {
            case AGENTS -> "Azure DevOps at %s to list the agents".formatted(url);
            case PODS -> "the Kubernetes API to list the pods";
            case REMOVALS -> "Azure DevOps at %s to remove agents".formatted(url);
        };
    }
}
