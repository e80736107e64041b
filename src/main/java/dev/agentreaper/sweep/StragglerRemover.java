package dev.agentreaper.sweep;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentInPool;
import dev.agentreaper.azure.AzureDevOpsException;
import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.log.Printable;
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
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Removes the stragglers that a sweep has found, each read and decided again right before. */
public final class StragglerRemover {
    private static final Logger LOG = Logger.getLogger(StragglerRemover.class);

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
            outcome = lastStep.take(new Look(straggler, reading));
        } catch (AzureDevOpsException e) {
            outcome = e.kind() == Kind.BUSY
                    ? new Outcome.Kept(KeepReason.BUSY)
                    : new Outcome.Failed(e.problem().toString(), e.kind() == Kind.REFUSED);
        } catch (IOException e) {
            outcome = new Outcome.Failed(String.valueOf(e.getMessage()), false);
        } catch (RuntimeException | Error e) {
            LOG.errorf(
                    e, "removal failed: agent=%s", Printable.of(straggler.name().value()));
            outcome = new Outcome.Failed(e.toString(), false);
        }
        Instant ended = clock.instant();
        recorder.record(
                new Removal(ended, straggler.name(), Set.of(), Trigger.SWEEP, Duration.between(began, ended), outcome));
        return outcome;
    }

    private final class Look implements LastStep.Look {
        private final Agent straggler;
        private final FreshReading reading;

        Look(Agent straggler, FreshReading reading) {
            this.straggler = straggler;
            this.reading = reading;
        }

        @Override
        public @Nullable AgentInPool agent() throws IOException, InterruptedException {
            return directory.readAgain(straggler, clock.instant());
        }

        @Override
        public Situation situation(Agent agent) throws IOException {
            Situation situation = reading.situation();
            return watched.hasPodOf(agent.name(), situation::isLive)
                    ? situation.withLivePodOf(agent.name())
                    : situation;
        }
    }
}
