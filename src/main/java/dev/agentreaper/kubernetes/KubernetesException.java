package dev.agentreaper.kubernetes;

import dev.agentreaper.health.Problem;
import java.io.IOException;

/** The API server did not give what it was asked for. */
public final class KubernetesException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;
    private final boolean expired;

    KubernetesException(Problem problem, boolean expired) {
        super(problem.what());
        this.problem = problem;
        this.expired = expired;
    }

    public Problem problem() {
        return problem;
    }

    /** The resourceVersion, or the page of a list, is too old: list anew. */
    public boolean isExpired() {
        return expired;
    }
}
