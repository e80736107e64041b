package dev.agentreaper.azure;

import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;

/** Azure DevOps did not do what it was asked for. */
public final class AzureDevOpsException extends ProblemException {
    private static final long serialVersionUID = 1;

    /** What a caller may want to tell apart. */
    public enum Kind {
        /** The agent runs a job. */
        BUSY,
        /** There is no such thing as was asked for. */
        NOT_FOUND,
        /** The request was refused for what it was; another one may work. */
        REFUSED,
        /** We are known, and may not. */
        FORBIDDEN,
        /** The sign-in has ended; the next call signs in anew. */
        SIGNED_OUT,
        /** The organization, the sign-in or the way there does not work. */
        UNAVAILABLE
    }

    private final Kind kind;

    AzureDevOpsException(Kind kind, Problem problem) {
        super(problem);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
