package dev.agentreaper.status;

import dev.agentreaper.decision.Mode;
import dev.agentreaper.health.Connection;
import java.time.Instant;
import java.util.List;

/**
 * What the running program knows of itself at one moment.
 *
 * @param ready as the readiness probe says
 */
record Status(
        String version,
        Mode mode,
        Instant startedAt,
        Instant now,
        boolean ready,
        List<Connection.State> connections,
        List<PoolStatus> pools) {

    /** All of it in a word. */
    enum Summary {
        /** Nothing is wrong. */
        HEALTHY,
        /** Something is wrong that may be over soon, or keeps a part of it from its work. */
        DEGRADED,
        /** It has not yet got hold of all that it needs, and nothing is known to be wrong. */
        STARTING,
        /** As the readiness probe says. */
        NOT_READY
    }

    public Summary summary() {
        if (!ready) {
            return failing().isEmpty() ? Summary.STARTING : Summary.NOT_READY;
        }
        return failing().isEmpty()
                        && pools.stream().allMatch(pool -> pool.problems().isEmpty())
                ? Summary.HEALTHY
                : Summary.DEGRADED;
    }

    /** The connections that do not work now. */
    public List<Connection.State> failing() {
        return connections.stream().filter(Connection.State::isFailing).toList();
    }

    /** Whether something that it needs has not answered yet, and nothing is known to be wrong. */
    public boolean starting() {
        return summary() == Summary.STARTING;
    }

    /** Whether it only tells what it would remove. */
    public boolean dryRun() {
        return mode == Mode.DRY_RUN;
    }
}
