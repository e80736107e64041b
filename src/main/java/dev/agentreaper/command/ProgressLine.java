package dev.agentreaper.command;

import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.log.LogFormat;
import dev.agentreaper.log.Printable;
import dev.agentreaper.sweep.Sweeper;
import dev.agentreaper.sweep.Sweeper.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Formatter;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Shows a person who waits how far a command is: one line of stderr that is written over again and again, and is gone before
 * a line of the log or the result comes. Nothing where stderr is no terminal. Thread-safe.
 */
final class ProgressLine implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(300);
    /** A line that a terminal breaks in two can't be cleared. */
    private static final int WIDTH = 79;
    /** To the beginning of the line, and erase to its end. */
    private static final String CLEAR = "\r\u001b[K";

    private final @Nullable ScheduledExecutorService timer;
    private @Nullable Sweeper sweeper;
    private String pool = "";
    private boolean shown;

    ProgressLine() {
        if (!isTerminal()) {
            timer = null;
            return;
        }
        LogFormat.change(Cleared::new);
        timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("progress").daemon().factory());
        var _ = timer.scheduleAtFixedRate(this::show, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Says that a pool is turned to. */
    synchronized void begins(PoolSettings settings, Sweeper itsSweeper) {
        pool = Printable.of(settings.pool());
        sweeper = itsSweeper;
    }

    /** Ends it, and takes the line away. */
    @Override
    public synchronized void close() {
        if (timer != null) {
            timer.shutdownNow();
        }
        sweeper = null;
        if (shown) {
            System.err.print(CLEAR);
            System.err.flush();
        }
    }

    private synchronized void show() {
        if (sweeper == null) {
            return;
        }
        String line = line(sweeper.progress());
        System.err.print(CLEAR + line.substring(0, Math.min(line.length(), WIDTH)));
        System.err.flush();
        shown = true;
    }

    private String line(Progress progress) {
        return switch (progress.step()) {
            case AGENTS -> String.format(Locale.ROOT, "listing agents of %s … %,d", pool, progress.done());
            case PODS -> "listing pods of %s …".formatted(pool);
            case REMOVALS ->
                String.format(Locale.ROOT, "removals from %s … %,d of %,d", pool, progress.done(), progress.of());
        };
    }

    /**
     * Whether stderr is one that can rewrite a line. Java has no question for that: its console is one of stdin and stdout,
     * and the result may be piped while a person looks at the rest. So POSIX' own is asked, where there is one.
     */
    private static boolean isTerminal() {
        String kind = System.getenv().getOrDefault("TERM", "dumb");
        if (kind.isEmpty() || kind.equals("dumb")) {
            return false;
        }
        try {
            return new ProcessBuilder("test", "-t", "2").inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A line of the log that clears what stands where it is written, in one with itself: they come from any thread. */
    private static final class Cleared extends ExtFormatter {
        private final ExtFormatter line;

        private Cleared(Formatter line) {
            this.line = ExtFormatter.wrap(line, true);
        }

        @Override
        public String format(ExtLogRecord record) {
            return CLEAR + line.format(record);
        }

        @Override
        public boolean isCallerCalculationRequired() {
            return line.isCallerCalculationRequired();
        }
    }
}
