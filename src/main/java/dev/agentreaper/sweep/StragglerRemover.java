package dev.agentreaper.sweep;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.Decision;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.removal.Mode;
import dev.agentreaper.removal.Outcome;
import dev.agentreaper.removal.RemovalRecorder;
import dev.agentreaper.removal.WatchedPods;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/** Removes the stragglers that a sweep has found, each read and decided again right before. */
public final class StragglerRemover {
    /** Where each answer asks us to wait, to read again after each wait would be without end. */
    private static final int READS_AT_MOST = 2;

    private final AgentDirectory directory;
    private final WatchedPods watched;
    private final RemovalRecorder recorder;
    private final Mode mode;
    private final InstantSource clock;

    /** @param watched what the watch knows; {@link WatchedPods#NONE} where there is none */
    public StragglerRemover(
            AgentDirectory directory, WatchedPods watched, RemovalRecorder recorder, Mode mode, InstantSource clock) {
        this.directory = directory;
        this.watched = watched;
        this.recorder = recorder;
        this.mode = mode;
        this.clock = clock;
    }

    /** Removes it unless something speaks for it now, and records how that ended. */
    Outcome remove(Agent straggler, FreshReading reading) throws InterruptedException {
        Instant began = clock.instant();
        Outcome outcome;
        try {
            outcome = tryTo(straggler, reading);
        } catch (AzureDevOpsException e) {
            outcome = e.kind() == Kind.BUSY
                    ? new Outcome.Kept(KeepReason.BUSY)
                    : new Outcome.Failed(e.problem().toString(), e.kind() == Kind.REFUSED);
        } catch (IOException | RuntimeException e) {
            outcome = new Outcome.Failed(String.valueOf(e.getMessage()), false);
        }
        recorder.record(straggler.name(), Set.of(), Trigger.SWEEP, Duration.between(began, clock.instant()), outcome);
        return outcome;
    }

    private Outcome tryTo(Agent straggler, FreshReading reading) throws IOException, InterruptedException {
        Agent agent = straggler;
        int reads = 0;
        do {
            directory.awaitTurn();
            if (reads++ < READS_AT_MOST) {
                agent = directory.readAgain(straggler, clock.instant());
            }
            if (agent == null) {
                return new Outcome.AlreadyGone();
            }
            Situation situation = reading.situation();
            if (Decision.on(agent, situation) instanceof Verdict.Keep(KeepReason reason)) {
                return new Outcome.Kept(reason);
            }
            if (watched.hasPodOf(agent.name(), situation::isLive)) {
                return new Outcome.Kept(KeepReason.POD_ALIVE);
            }
        } while (directory.mustWait());
        if (mode == Mode.DRY_RUN) {
            return new Outcome.DryRun(agent.id());
        }
        return directory.delete(agent, clock.instant()) ? new Outcome.Removed(agent.id()) : new Outcome.AlreadyGone();
    }
}
