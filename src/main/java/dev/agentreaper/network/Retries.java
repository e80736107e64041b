package dev.agentreaper.network;

import dev.agentreaper.health.Pause;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Holds back what has failed, for longer each time it does, and says meanwhile why that was. Not thread-safe. */
public final class Retries {
    private final Backoff backoff;
    private final InstantSource clock;
    private @Nullable Problem problem;
    private Pause pause = Pause.NONE;
    private int failures;

    public Retries(Backoff backoff, InstantSource clock) {
        this.backoff = backoff;
        this.clock = clock;
    }

    /** @throws ProblemException with what failed last, where it is too early to try again */
    public void refuseTooEarly() throws ProblemException {
        if (problem != null && pause.lasts(clock.instant())) {
            throw new ProblemException(problem);
        }
    }

    public void worked() {
        problem = null;
        failures = 0;
    }

    /** @param atLeast how long to wait, be it longer than after so many failures */
    public void failed(Problem why, Duration atLeast) {
        Duration wait = backoff.pause(++failures);
        problem = why;
        pause = new Pause(clock.instant(), wait.compareTo(atLeast) > 0 ? wait : atLeast);
    }
}
