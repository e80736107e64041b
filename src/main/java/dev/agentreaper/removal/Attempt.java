package dev.agentreaper.removal;

import java.io.IOException;

/** One try to remove a ghost. */
public interface Attempt {

    /**
     * @return how it ended
     * @throws AgentBusyException if the agent runs a job, as was to be learnt without a call of its own where the ghost is
     *     known to be busy
     * @throws IOException if something could not be read or done now; a later try may succeed
     */
    Outcome remove(Ghost ghost) throws IOException, InterruptedException;
}
