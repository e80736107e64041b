package dev.agentreaper.decision;

/** What is done with the agents that are to be removed. */
public enum Mode {
    DELETE,
    DRY_RUN;

    /** As it is written in the configuration. */
    public String label() {
        return this == DELETE ? "delete" : "dry-run";
    }
}
