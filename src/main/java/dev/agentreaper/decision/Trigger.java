package dev.agentreaper.decision;

/** What made us look at an agent. */
public enum Trigger {
    /** Its pod was seen to go. */
    EVENT,
    /** Its pod was gone when it was first seen, at start or after a list: an event whose beginning was missed. */
    FOUND_GONE,
    /** A sweep. */
    SWEEP
}
