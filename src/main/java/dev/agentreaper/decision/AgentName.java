package dev.agentreaper.decision;

import java.util.Locale;

/** The name of an agent in its pool. Azure DevOps compares names without case, and so do two of these. */
public record AgentName(String value) {

    /** Same characters, upper and lower case told apart: what picks one of two agents whose names differ only by case. */
    public boolean isExactly(AgentName other) {
        return value.equals(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AgentName that && folded().equals(that.folded());
    }

    @Override
    public int hashCode() {
        return folded().hashCode();
    }

    @Override
    public String toString() {
        return value;
    }

    /** In lower case; the very same string where it is so already, as the names of pods are. */
    private String folded() {
        return value.toLowerCase(Locale.ROOT);
    }
}
