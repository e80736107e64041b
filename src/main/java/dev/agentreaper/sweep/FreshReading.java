package dev.agentreaper.sweep;

import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.kubernetes.AgentPods;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A sweep's reading whose pods are read again once they are ten seconds old. Thread-safe. */
final class FreshReading {
    private static final Duration PODS_ARE_FRESH_FOR = Duration.ofSeconds(10);

    private final AgentPods pods;
    private final Policy policy;
    private final InstantSource clock;
    private Reading reading;
    private Situation situation;

    /** @param situation by the reading */
    FreshReading(Reading reading, Situation situation, AgentPods pods, Policy policy, InstantSource clock) {
        this.reading = reading;
        this.pods = pods;
        this.policy = policy;
        this.clock = clock;
        this.situation = situation;
    }

    synchronized Situation situation() throws ProblemException {
        Instant now = clock.instant();
        if (reading.podsAskedAt().plus(PODS_ARE_FRESH_FOR).isBefore(now)) {
            reading = new Reading(reading.agents(), reading.now(), pods.list(), now);
            situation = reading.situation(policy);
        }
        return situation;
    }
}
