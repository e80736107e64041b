package dev.agentreaper.bench;

/** One who takes part in a measurement, and what is done in each of its rounds. */
record Turn(String who, Round round) {
    @FunctionalInterface
    interface Round {
        void take(Samples samples) throws Exception;
    }

    /** Takes what is measured. */
    @FunctionalInterface
    interface Samples {
        void add(Figure figure, double value);
    }
}
