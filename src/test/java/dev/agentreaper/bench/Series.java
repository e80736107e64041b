package dev.agentreaper.bench;

import java.util.Collection;
import java.util.List;

/** The samples of all rounds, in order of size; there is one at least. */
record Series(List<Double> sorted) {
    /** A p99 of fewer says no more than their maximum. */
    private static final int ENOUGH_FOR_P99 = 100;

    static Series of(Collection<Double> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no samples");
        }
        return new Series(samples.stream().sorted().toList());
    }

    int count() {
        return sorted.size();
    }

    double median() {
        int half = count() / 2;
        return count() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    boolean hasP99() {
        return count() >= ENOUGH_FOR_P99;
    }

    /** The smallest sample that 99 of 100 do not exceed. */
    double p99() {
        return sorted.get((int) Math.ceil(count() * 0.99) - 1);
    }

    double least() {
        return sorted.getFirst();
    }

    double most() {
        return sorted.getLast();
    }
}
