package dev.agentreaper.removal;

import dev.agentreaper.network.Pause;
import java.time.Duration;
import java.time.Instant;

/**
 * Bounds what repeated attempts cost while nothing works: after a number of failures in a row it is closed, and lets one
 * attempt pass each half second, however many want to. An attempt that works opens it for as many failures again. Not
 * thread-safe.
 */
final class RetryGate {
    static final Duration SPACING = Duration.ofMillis(500);

    private final int closesAfter;
    private int failures;
    private Pause untilNext = Pause.NONE;

    /** @param closesAfter so many failures in a row */
    RetryGate(int closesAfter) {
        this.closesAfter = closesAfter;
    }

    boolean isClosed() {
        return failures >= closesAfter;
    }

    void failed() {
        failures = Math.min(failures + 1, closesAfter);
    }

    void worked() {
        failures = 0;
    }

    /** Notes that an attempt passes the closed gate. */
    void letPass(Instant now) {
        untilNext = new Pause(now, SPACING);
    }

    /** How long it is until one may pass the closed gate. */
    Duration untilNext(Instant now) {
        return untilNext.left(now);
    }
}
