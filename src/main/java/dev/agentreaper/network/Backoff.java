package dev.agentreaper.network;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before what has failed is tried again: twice as long each time.
 *
 * @param first after the first failure
 * @param longest however many there were
 */
public record Backoff(Duration first, Duration longest) {
    private static final int DOUBLINGS_AT_MOST = 30;

    /** @param failures in a row, at least one */
    public Duration pause(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS_AT_MOST));
        return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    /** The same, spread over its second half, so that those that failed together do not come back together. */
    public Duration spread(int failures) {
        long pause = pause(failures).toMillis();
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
    }
}
