package dev.agentreaper.removal;

import java.io.IOException;

/** One try to remove a ghost. */
public interface Attempt {

    /**
     * @return how it ended
     * @throws AgentBusyException if the agent runs a job; where it was known to, this was learnt without a call of its own
     * @throws IOException if something could not be read or done now; a later try may succeed
     */
    Outcome remove(Ghost ghost) throws IOException, InterruptedException;
}
