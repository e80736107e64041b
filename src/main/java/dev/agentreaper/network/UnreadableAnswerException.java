package dev.agentreaper.network;

import java.io.IOException;

/** An answer came, and is none to what was asked. */
public final class UnreadableAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param what is odd about it, for the operator */
    public UnreadableAnswerException(String what) {
        super(what);
    }
}
