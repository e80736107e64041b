package dev.agentreaper.kubernetes;

import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import org.jspecify.annotations.Nullable;

/** The API server did not give what it was asked for. */
public final class KubernetesException extends ProblemException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable String refusedUser;

    /** @param status that of the answer */
    KubernetesException(Problem problem, int status, @Nullable String refusedUser) {
        super(problem);
        this.status = status;
        this.refusedUser = refusedUser;
    }

    KubernetesException(Problem problem, Throwable cause) {
        super(problem, cause);
        this.status = 0;
        this.refusedUser = null;
    }

    /** The resourceVersion, or the page of a list, is too old: list anew. */
    public boolean isExpired() {
        return status == 410;
    }

    /** Who has no right to what was asked for, as the API server names its users; null where it is something else. */
    public @Nullable String refusedUser() {
        return refusedUser;
    }
}
