package dev.agentreaper.network;

import java.time.Duration;
import java.time.Instant;

/** A time in which something is not to be tried. A clock that is set back ends it, so that none lasts longer than was meant. */
public record Pause(Instant since, Duration length) {
    public static final Pause NONE = new Pause(Instant.EPOCH, Duration.ZERO);

    /** How long it still lasts; zero once it is over. */
    public Duration left(Instant now) {
        Duration passed = Duration.between(since, now);
        return passed.isNegative() || passed.compareTo(length) > 0 ? Duration.ZERO : length.minus(passed);
    }

    public boolean lasts(Instant now) {
        return left(now).isPositive();
    }
}
