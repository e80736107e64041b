package dev.agentreaper.sweep;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Ruling;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.removal.LastStep;
import dev.agentreaper.removal.Outcome;
import dev.agentreaper.removal.Removal;
import dev.agentreaper.removal.RemovalRecorder;
import dev.agentreaper.removal.WatchedPods;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Removes the stragglers that a sweep has found, each read and decided again right before. */
public final class StragglerRemover {
    private final AgentDirectory directory;
    private final WatchedPods watched;
    private final LastStep lastStep;
    private final RemovalRecorder recorder;
    private final InstantSource clock;

    /** @param watched what the watch knows; {@link WatchedPods#NONE} where there is none */
    public StragglerRemover(
            AgentDirectory directory,
            WatchedPods watched,
            LastStep lastStep,
            RemovalRecorder recorder,
            InstantSource clock) {
        this.directory = directory;
        this.watched = watched;
        this.lastStep = lastStep;
        this.recorder = recorder;
        this.clock = clock;
    }

    /** Removes it unless something speaks for it now, and records how that ended. */
    Outcome remove(Agent straggler, FreshReading reading) throws InterruptedException {
        Instant began = clock.instant();
        Outcome outcome;
        try {
            outcome = lastStep.take(new FreshLook(straggler, reading));
        } catch (AzureDevOpsException e) {
            outcome = e.kind() == Kind.BUSY
                    ? new Outcome.Kept(KeepReason.BUSY)
                    : new Outcome.Failed(e.problem().toString(), e.kind() == Kind.REFUSED);
        } catch (IOException | RuntimeException e) {
            outcome = new Outcome.Failed(String.valueOf(e.getMessage()), false);
        }
        Instant ended = clock.instant();
        recorder.record(
                new Removal(ended, straggler.name(), Set.of(), Trigger.SWEEP, Duration.between(began, ended), outcome));
        return outcome;
    }

    /** Reads the agent again, but not at each look: where each answer asks us to wait, that would be without end. */
    private final class FreshLook implements LastStep.Look {
        private final FreshReading reading;
        private Agent agent;
        private int readsLeft = 2;

        FreshLook(Agent straggler, FreshReading reading) {
            this.agent = straggler;
            this.reading = reading;
        }

        @Override
        public @Nullable Ruling look() throws IOException, InterruptedException {
            if (readsLeft-- > 0) {
                Agent read = directory.readAgain(agent, clock.instant());
                if (read == null) {
                    return null;
                }
                agent = read;
            }
            Situation situation = reading.situation();
            Verdict verdict = Decision.on(agent, situation);
            return verdict instanceof Verdict.Remove && watched.hasPodOf(agent.name(), situation::isLive)
                    ? new Ruling(agent, new Verdict.Keep(KeepReason.POD_ALIVE))
                    : new Ruling(agent, verdict);
        }
    }
}
