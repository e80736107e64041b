package dev.agentreaper.removal;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentInPool;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.health.Pause;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The last step of each removal, an event's and a sweep's: takes the agent, has everything ready that a DELETE may have to wait
 * for, then looks at the pods, decides, and deletes at once. Where that wait was long, the agent is taken anew, once.
 */
public final class LastStep {
    private static final int READS_AT_MOST = 2;

    private final AgentDirectory directory;
    private final Mode mode;
    private final InstantSource clock;
    private final Duration readingHolds;

    public LastStep(AgentDirectory directory, Mode mode, InstantSource clock) {
        // As long as Azure DevOps itself may delay the DELETE.
        this(directory, mode, clock, Duration.ofSeconds(30));
    }

    /** @param readingHolds for how long an agent is taken to be as it was read */
    LastStep(AgentDirectory directory, Mode mode, InstantSource clock, Duration readingHolds) {
        this.directory = directory;
        this.mode = mode;
        this.clock = clock;
        this.readingHolds = readingHolds;
    }

    /** What a removal depends on, as it is now. */
    public interface Look {
        /** The agent; null where it is gone. */
        @Nullable
        AgentInPool agent() throws IOException, InterruptedException;

        /** All that speaks for keeping it. */
        Situation situation(Agent agent) throws IOException;
    }

    /** @throws IOException if something could not be read or done now */
    public Outcome take(Look look) throws IOException, InterruptedException {
        for (int reads = 0; reads < READS_AT_MOST; reads++) {
            AgentInPool agent = look.agent();
            if (agent == null) {
                return new Outcome.AlreadyGone();
            }
            Pause reading = new Pause(clock.instant(), readingHolds);
            directory.awaitTurn();
            while (reading.lasts(clock.instant())) {
                if (Decision.on(agent.agent(), look.situation(agent.agent())) instanceof Verdict.Keep(var reason)) {
                    return new Outcome.Kept(reason);
                }
                if (!directory.mustWait()) {
                    return delete(agent);
                }
                directory.awaitTurn();
            }
        }
        throw new IOException("Azure DevOps asks us to wait for longer than what it said of the agent holds.");
    }

    private Outcome delete(AgentInPool agent) throws IOException, InterruptedException {
        int id = agent.agent().id();
        if (mode == Mode.DRY_RUN) {
            return new Outcome.DryRun(id);
        }
        boolean deleted = directory.delete(agent, clock.instant());
        return deleted ? new Outcome.Removed(id) : new Outcome.AlreadyGone();
    }
}
