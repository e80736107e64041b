package dev.agentreaper.azure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Holds back the calls of one identity to one organization while Azure DevOps asks for it, as it does also with answers that
 * are fine. Thread-safe.
 *
 * @see <a href="https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits">Rate limits</a>
 */
final class Pace {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final InstantSource clock;
    private Instant notBefore = Instant.MIN;

    Pace(InstantSource clock) {
        this.clock = clock;
    }

    /** No call before this time has passed. */
    synchronized void hold(Duration asked) {
        Instant until = clock.instant().plus(asked.compareTo(LONGEST) < 0 ? asked : LONGEST);
        if (until.isAfter(notBefore)) {
            notBefore = until;
        }
    }

    /** Waits until a call may be made, and says how long that was. */
    synchronized Duration await() throws InterruptedException {
        Instant began = clock.instant();
        Duration left = left();
        while (left.isPositive()) {
            wait(Math.max(1, left.toMillis()));
            left = left();
        }
        return Duration.between(began, clock.instant());
    }

    synchronized boolean isHeld() {
        return left().isPositive();
    }

    private Duration left() {
        Instant now = clock.instant();
        return now.isBefore(notBefore) ? Duration.between(now, notBefore) : Duration.ZERO;
    }
}
