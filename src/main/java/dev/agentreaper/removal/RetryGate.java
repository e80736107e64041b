package dev.agentreaper.removal;

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
    private Instant lastPassed = Instant.EPOCH;

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
        lastPassed = now;
    }

    /** How long it is until one may pass the closed gate; never longer than the spacing, though the clock be set back. */
    Duration untilNext(Instant now) {
        Duration since = Duration.between(lastPassed, now);
        if (since.isNegative()) {
            return SPACING;
        }
        return since.compareTo(SPACING) < 0 ? SPACING.minus(since) : Duration.ZERO;
    }
}
