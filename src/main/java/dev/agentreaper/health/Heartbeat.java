package dev.agentreaper.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Shows that one of our threads still runs. */
public final class Heartbeat {
    private final InstantSource clock;
    private volatile Instant nextBy;

    public Heartbeat(InstantSource clock) {
        this.clock = clock;
        this.nextBy = Instant.MAX;
    }

    /** It runs, and will say so again within this time. */
    public void beat(Duration within) {
        nextBy = clock.instant().plus(within);
    }

    /** It has come to its end, as it should. */
    public void end() {
        nextBy = Instant.MAX;
    }

    public boolean isAlive() {
        return clock.instant().isBefore(nextBy);
    }
}
