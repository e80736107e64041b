package dev.agentreaper.decision;

/** What made us look at an agent. */
public enum Trigger {
    /** Its pod was seen to go. */
    EVENT("event"),
    /** Its pod was gone when it was first seen, mostly at start or after a list: an event whose beginning was missed. */
    FOUND_GONE("event"),
    /** A sweep. */
    SWEEP("sweep");

    private final String label;

    Trigger(String label) {
        this.label = label;
    }

    /** Its name in the log, in metrics and in JSON, where it is an event too that a pod was found gone. */
    public String label() {
        return label;
    }
}
