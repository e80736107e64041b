package dev.agentreaper.kubernetes;

import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;

/** The API server did not give what it was asked for. */
public final class KubernetesException extends ProblemException {
    private static final long serialVersionUID = 1;

    private final boolean expired;

    KubernetesException(Problem problem, boolean expired) {
        super(problem);
        this.expired = expired;
    }

    /** The resourceVersion, or the page of a list, is too old: list anew. */
    public boolean isExpired() {
        return expired;
    }
}
