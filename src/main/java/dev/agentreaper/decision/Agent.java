package dev.agentreaper.decision;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent's registration in a pool, as Azure DevOps last described it ({@code TaskAgent} in its REST API).
 *
 * @param online false only where Azure DevOps says {@code offline}: an unknown status is no reason to remove
 * @param enabled true only where Azure DevOps says so
 * @param busy a job is assigned to it
 * @param statusChangedOn since when it is online or offline; null where it has never connected
 * @param capabilities those of its system and user capabilities that a decision asks about
 */
public record Agent(
        int id,
        AgentName name,
        boolean online,
        boolean enabled,
        boolean busy,
        @Nullable Instant statusChangedOn,
        Map<String, String> capabilities) {

    public Agent {
        capabilities = Map.copyOf(capabilities);
    }

    /** As Azure DevOps calls it. */
    public String status() {
        return online ? "online" : "offline";
    }

    /** Whether its capabilities say that it is one. */
    public boolean isPlaceholder() {
        return Placeholders.areMarkedBy(capabilities);
    }
}
