package dev.agentreaper.status;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.removal.RemovalQueue;
import dev.agentreaper.removal.RemovalRecorder;
import dev.agentreaper.sweep.Sweeper;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the status of one pool is read from.
 *
 * @param name what it is called in the configuration
 * @param pool what it is called in Azure DevOps
 * @param pods which pods are watched for it
 * @param sweeper null where it is not swept
 */
public record PoolSources(
        String name,
        URI organization,
        String pool,
        String pods,
        AgentDirectory directory,
        RemovalQueue queue,
        RemovalRecorder recorder,
        @Nullable Sweeper sweeper) {}
