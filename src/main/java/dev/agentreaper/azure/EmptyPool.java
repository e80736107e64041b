package dev.agentreaper.azure;

import dev.agentreaper.health.Problem;

/** What it means that an agent pool has no agent at all. */
public final class EmptyPool {
    private EmptyPool() {}

    /** @param pool the pool, in the words with which the sentence is to begin */
    public static Problem problem(String pool) {
        return new Problem(
                "empty",
                pool + " has no agent, so Azure DevOps rejects jobs for it.",
                "run an agent, or where KEDA scales from zero register one that stays offline, named like placeholder-1.");
    }
}
