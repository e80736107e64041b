package dev.agentreaper.decision;

/** A verdict on one agent. */
public record Ruling(Agent agent, Verdict verdict) {
    public boolean removes() {
        return verdict instanceof Verdict.Remove;
    }
}
