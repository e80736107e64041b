package dev.agentreaper.health;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in which something is not to be tried, or told of. A clock that is set back by a little begins it anew, and by more
 * than it is long ends it, so that none lasts for more than twice as long as was meant.
 */
public record Pause(Instant since, Duration length) {
    public static final Pause NONE = new Pause(Instant.EPOCH, Duration.ZERO);

    /** How long it still lasts; zero once it is over. */
    public Duration left(Instant now) {
        Duration passed = Duration.between(since, now);
        if (passed.abs().compareTo(length) > 0) {
            return Duration.ZERO;
        }
        return passed.isNegative() ? length : length.minus(passed);
    }

    public boolean lasts(Instant now) {
        return left(now).isPositive();
    }
}
