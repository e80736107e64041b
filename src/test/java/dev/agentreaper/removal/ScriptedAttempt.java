package dev.agentreaper.removal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Attempts that go as the test has it, and that it can hold up at their beginning. Thread-safe. */
final class ScriptedAttempt implements Attempt {
    private static final int NO_END = 1_000_000;

    private final List<Ghost> begun = new ArrayList<>();
    private final Semaphore mayGoOn = new Semaphore(NO_END);
    private int running;
    private int mostAtOnce;
    private volatile Attempt script = ghost -> new Outcome.AlreadyGone();

    /** How attempts go from now on. */
    void go(Attempt newScript) {
        script = newScript;
    }

    void fail() {
        go(ghost -> {
            throw new IOException("no answer");
        });
    }

    void succeed() {
        go(ghost -> new Outcome.AlreadyGone());
    }

    /** Holds every attempt that begins from now on. */
    void hold() {
        mayGoOn.drainPermits();
    }

    /** Lets that many of those that are held go on. */
    void letGo(int attempts) {
        mayGoOn.release(attempts);
    }

    void letAllGo() {
        letGo(NO_END);
    }

    /** The attempts so far, in the order of their beginning. */
    synchronized List<Ghost> begun() {
        return List.copyOf(begun);
    }

    /** The names of the agents of the attempts so far. */
    List<String> agents() {
        return begun().stream().map(ghost -> ghost.agent().value()).toList();
    }

    synchronized int mostAtOnce() {
        return mostAtOnce;
    }

    @Override
    public AttemptResult remove(Ghost ghost) throws IOException, InterruptedException {
        synchronized (this) {
            begun.add(ghost);
            mostAtOnce = Math.max(mostAtOnce, ++running);
        }
        try {
            mayGoOn.acquire();
            return script.remove(ghost);
        } finally {
            synchronized (this) {
                running--;
            }
        }
    }
}
