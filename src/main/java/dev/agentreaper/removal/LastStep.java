package dev.agentreaper.removal;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.decision.Ruling;
import dev.agentreaper.decision.Verdict;
import java.io.IOException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The last step of each removal, an event's and a sweep's: it has everything ready that a DELETE may have to wait for, looks at
 * what may have changed meanwhile, and deletes at once.
 */
public final class LastStep {
    private final AgentDirectory directory;
    private final Mode mode;
    private final InstantSource clock;

    public LastStep(AgentDirectory directory, Mode mode, InstantSource clock) {
        this.directory = directory;
        this.mode = mode;
        this.clock = clock;
    }

    /** A look at all that a removal depends on, as it is now. */
    public interface Look {
        /** @return the verdict on the agent; null where it is gone */
        @Nullable
        Ruling look() throws IOException, InterruptedException;
    }

    /**
     * Takes it. If Azure DevOps has asked us to wait while we looked, there is another look after that.
     *
     * @throws IOException if something could not be read or done now
     */
    public Outcome take(Look look) throws IOException, InterruptedException {
        Ruling ruling;
        do {
            directory.awaitTurn();
            ruling = look.look();
            if (ruling == null) {
                return new Outcome.AlreadyGone();
            }
            if (ruling.verdict() instanceof Verdict.Keep(var reason)) {
                return new Outcome.Kept(reason);
            }
        } while (directory.mustWait());
        int id = ruling.agent().id();
        if (mode == Mode.DRY_RUN) {
            return new Outcome.DryRun(id);
        }
        return directory.delete(ruling.agent(), clock.instant()) ? new Outcome.Removed(id) : new Outcome.AlreadyGone();
    }
}
