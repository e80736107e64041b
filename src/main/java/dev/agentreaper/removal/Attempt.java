package dev.agentreaper.removal;

import java.io.IOException;

/** One try to remove a ghost. */
public interface Attempt {

    /**
     * @return how it went
     * @throws IOException if something could not be read or done now; a later try may succeed
     */
    AttemptResult remove(Ghost ghost) throws IOException, InterruptedException;
}
