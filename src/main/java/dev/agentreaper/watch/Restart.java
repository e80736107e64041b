package dev.agentreaper.watch;

import java.util.Locale;

/** Why pods are listed anew. */
enum Restart {
    /** The server knows the resourceVersion no more. */
    EXPIRED,
    /** Something failed. */
    FAILED,
    /** The server ended the watch, of which nothing had been heard. */
    SILENT;

    /** Its name in the metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
