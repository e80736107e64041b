package dev.agentreaper.kubernetes;

import java.io.IOException;

/** An answer came, and is not what the Kubernetes API answers to what was asked. */
final class UnreadableAnswerException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param what is odd about it, for the operator */
    UnreadableAnswerException(String what) {
        super(what);
    }
}
