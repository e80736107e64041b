package dev.agentreaper.azure;

import dev.agentreaper.decision.Agent;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All agents of a pool.
 *
 * @param poolId of which pool
 * @param askedAt when it was asked for, by our clock: the pool was so at that time or later
 * @param date Azure DevOps' clock when it answered; null where it did not say
 */
public record Listing(
        int poolId,
        List<Agent> agents,
        Instant askedAt,
        @Nullable Instant date) {
    public Listing {
        agents = List.copyOf(agents);
    }
}
