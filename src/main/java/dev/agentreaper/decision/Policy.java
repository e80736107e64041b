package dev.agentreaper.decision;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the operator has said of one pool.
 *
 * @param protect names that no trigger removes
 * @param capabilities what an agent must report to be ours; empty where the pool serves this cluster alone
 * @param sweepAgents names that a sweep may remove
 * @param offlineFor how long an agent must have been offline before a sweep removes it
 * @param maxRemovals how many agents one sweep removes at the most
 */
public record Policy(
        Globs protect, Map<String, String> capabilities, Globs sweepAgents, Duration offlineFor, int maxRemovals) {

    /** The names that placeholders and hand-made agents go by in the published samples; always protected. */
    public static final Globs ALWAYS_PROTECTED =
            new Globs(List.of("*placeholder*", "*-template", "dummy-agent*", "*dontdelete*", "*do-not-delete*"));

    public Policy {
        protect = ALWAYS_PROTECTED.and(protect);
        capabilities = Map.copyOf(capabilities);
    }

    /** Whether the agent reports all that it must to be ours. */
    public boolean marks(Agent agent) {
        return agent.capabilities().entrySet().containsAll(capabilities.entrySet());
    }

    public Policy withOfflineFor(Duration other) {
        return new Policy(protect, capabilities, sweepAgents, other, maxRemovals);
    }
}
