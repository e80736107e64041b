package dev.agentreaper.command;

import org.jboss.logging.Logger;

/** Where results go. */
final class Stdout {
    private static final Logger LOG = Logger.getLogger(Stdout.class);

    private Stdout() {}

    /** Whether all of it could be written, as it can't be on a full disk; says so if not. */
    static boolean isWritten() {
        if (System.out.checkError()) {
            LOG.error("the result could not be written to stdout");
            return false;
        }
        return true;
    }
}
