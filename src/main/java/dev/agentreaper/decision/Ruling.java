package dev.agentreaper.decision;

/** A verdict on one agent. */
public record Ruling(Agent agent, Verdict verdict) {
    public boolean removes() {
        return verdict instanceof Verdict.Remove;
    }

    /** Whether the agent would go if the sweep's limit were higher. */
    public boolean isBeyondLimit() {
        return verdict instanceof Verdict.Keep(KeepReason reason) && reason == KeepReason.LIMIT;
    }
}
