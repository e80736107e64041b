package dev.agentreaper.bench;

import java.util.Map;

/** A program that watches pods and removes the agents of those that go, in a process of its own. */
interface Watcher {
    String name();

    /**
     * Starts it, and returns when it watches.
     *
     * @param settings of ours, besides those that it can't do without; another program pays no heed to them
     */
    Running start(Stage stage, Map<String, String> settings) throws InterruptedException;

    default Running start(Stage stage) throws InterruptedException {
        return start(stage, Map.of());
    }

    /** It runs until it is closed. */
    interface Running extends AutoCloseable {
        ProcessCost cost();

        @Override
        void close();
    }
}
