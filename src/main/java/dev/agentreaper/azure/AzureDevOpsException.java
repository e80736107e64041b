package dev.agentreaper.azure;

import dev.agentreaper.health.Problem;
import java.io.IOException;

/** Azure DevOps did not do what it was asked for. */
public final class AzureDevOpsException extends IOException {
    private static final long serialVersionUID = 1;

    /** What a caller may want to tell apart. */
    public enum Kind {
        /** The agent runs a job. */
        BUSY,
        /** There is no such thing as was asked for. */
        NOT_FOUND,
        /** The request was refused for what it was; another one may work. */
        REFUSED,
        /** The organization, the sign-in or the way there does not work. */
        UNAVAILABLE
    }

    private final Kind kind;
    private final transient Problem problem;

    AzureDevOpsException(Kind kind, Problem problem) {
        super(problem.what());
        this.kind = kind;
        this.problem = problem;
    }

    public Kind kind() {
        return kind;
    }

    public Problem problem() {
        return problem;
    }
}
