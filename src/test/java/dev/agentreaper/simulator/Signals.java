package dev.agentreaper.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The signals that Java has no word for. */
public final class Signals {
    private Signals() {}

    /** @param name as {@code kill} knows it, such as {@code STOP} */
    public static void send(long pid, String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
