package dev.agentreaper;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it on. Thread-safe. */
public final class MutableClock implements InstantSource {
    private Instant now = Instant.parse("2026-02-03T04:05:06Z");

    public synchronized void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }
}
