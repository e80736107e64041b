package dev.agentreaper.chaos;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What is drawn from one seed by one thread. */
final class Chance {
    private final RandomGenerator random;

    Chance(long seed, String who) {
        random = new SplittableRandom(seed * 31 + who.hashCode());
    }

    boolean percent(int percent) {
        return random.nextInt(100) < percent;
    }

    int between(int from, int to) {
        return random.nextInt(from, to);
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Waits for some seconds, at random. */
    void seconds(int from, int to) throws InterruptedException {
        Thread.sleep(Duration.ofMillis(random.nextInt(from * 1_000, to * 1_000)));
    }
}
