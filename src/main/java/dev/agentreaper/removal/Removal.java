package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * How one removal ended, as it is recorded.
 *
 * @param pods the pods that are gone; none for a sweep, which sees no pod
 * @param took since the last of its events was received, or the sweep turned to the agent
 */
public record Removal(Instant at, AgentName agent, Set<PodKey> pods, Trigger trigger, Duration took, Outcome outcome) {
    public Removal {
        pods = Set.copyOf(pods);
    }
}
