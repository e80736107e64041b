package dev.agentreaper.removal;

import java.io.IOException;

/** The agent runs a job: it can be removed once that has ended, and not before. */
public final class AgentBusyException extends IOException {
    private static final long serialVersionUID = 1;

    AgentBusyException(String message) {
        super(message);
    }
}
