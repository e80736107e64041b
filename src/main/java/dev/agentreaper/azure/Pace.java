package dev.agentreaper.azure;

import dev.agentreaper.health.Pause;
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
    private Pause pause = Pause.NONE;

    Pace(InstantSource clock) {
        this.clock = clock;
    }

    /** No call before this time has passed. */
    synchronized void hold(Duration asked) {
        Duration length = asked.compareTo(LONGEST) < 0 ? asked : LONGEST;
        if (length.compareTo(left()) > 0) {
            pause = new Pause(clock.instant(), length);
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
        Duration waited = Duration.between(began, clock.instant());
        return waited.isNegative() ? Duration.ZERO : waited;
    }

    synchronized boolean isHeld() {
        return pause.lasts(clock.instant());
    }

    private Duration left() {
        return pause.left(clock.instant());
    }
}
