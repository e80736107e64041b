package dev.agentreaper.sweep;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Ruling;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.removal.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a sweep decided on one agent, and what became of it.
 *
 * @param outcome null where nothing was tried
 */
public record SweepRow(Ruling ruling, @Nullable Outcome outcome) {
    public Agent agent() {
        return ruling.agent();
    }

    /** Why the agent is kept, if only at the second look; null where it is to be removed. */
    public @Nullable KeepReason reason() {
        if (outcome instanceof Outcome.Kept(KeepReason second)) {
            return second;
        }
        return switch (ruling.verdict()) {
            case Verdict.Keep(KeepReason first) -> first;
            case Verdict.Remove() -> null;
        };
    }
}
