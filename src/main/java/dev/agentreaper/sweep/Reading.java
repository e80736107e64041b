package dev.agentreaper.sweep;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import java.time.Instant;
import java.util.List;

/**
 * What a sweep has read.
 *
 * @param now the time it was when the agents were listed, by Azure DevOps' clock where that can be relied on
 * @param podsListedAt when the last of the pods had come, by our clock
 */
record Reading(List<Agent> agents, Instant now, List<Pod> pods, Instant podsListedAt) {
    Reading {
        agents = List.copyOf(agents);
        pods = List.copyOf(pods);
    }

    Situation situation(Policy policy) {
        return Situation.ofSweep(agents, pods, policy, now);
    }
}
