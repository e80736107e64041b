package dev.agentreaper.command;

import dev.agentreaper.sweep.SweepResult;
import org.jspecify.annotations.Nullable;

/**
 * What a command has to tell of one pool.
 *
 * @param name what it is called in the configuration
 * @param pool what it is called in Azure DevOps
 * @param error why it could not be read; null if it could
 * @param result null if it could not be read
 */
record PoolReport(
        String name,
        String pool,
        @Nullable String error,
        @Nullable SweepResult result) {}
