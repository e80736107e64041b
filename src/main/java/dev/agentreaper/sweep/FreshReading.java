package dev.agentreaper.sweep;

import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.health.Pause;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.kubernetes.AgentPods;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sweep's reading whose pods are read again once they are ten seconds old. Where that fails it is not tried again: what is
 * left is for the next sweep. Thread-safe.
 */
final class FreshReading {
    private static final Duration PODS_ARE_FRESH_FOR = Duration.ofSeconds(10);

    private final AgentPods pods;
    private final Policy policy;
    private final InstantSource clock;
    private Reading reading;
    private Situation situation;
    private @Nullable ProblemException failure;

    /** @param situation by the reading */
    FreshReading(Reading reading, Situation situation, AgentPods pods, Policy policy, InstantSource clock) {
        this.reading = reading;
        this.pods = pods;
        this.policy = policy;
        this.clock = clock;
        this.situation = situation;
    }

    synchronized Situation situation() throws ProblemException {
        if (failure != null) {
            throw new ProblemException(failure.problem(), failure);
        }
        if (!new Pause(reading.podsListedAt(), PODS_ARE_FRESH_FOR).lasts(clock.instant())) {
            try {
                List<Pod> listed = pods.list();
                reading = new Reading(reading.agents(), reading.now(), listed, clock.instant());
            } catch (ProblemException e) {
                failure = e;
                throw e;
            }
            situation = reading.situation(policy);
        }
        return situation;
    }
}
