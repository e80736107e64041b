package dev.agentreaper.azure.signin;

import dev.agentreaper.health.ProblemException;
import java.net.URI;

/** How we sign in to an organization. Two that are equal share its rate limit. Thread-safe. */
public interface Credential {

    /**
     * Makes sure that {@link #authorization} has something to give, for which another service may have to be asked.
     *
     * @throws ProblemException if it can't be had
     */
    default void prepare() throws ProblemException, InterruptedException {}

    /** Whether a call can be made without {@link #prepare} before it. */
    default boolean isReady() {
        return true;
    }

    /**
     * The value of the {@code Authorization} header, at once.
     *
     * @throws ProblemException if it can't be had
     */
    String authorization() throws ProblemException;

    /**
     * Hears that Azure DevOps has refused this authorization with 401.
     *
     * @return whether another one can be had, so that the call may be made again after {@link #prepare}
     */
    default boolean refused(String authorization) {
        return false;
    }

    /** What to do where Azure DevOps does not know who signs in so. */
    String cureWhereUnknown(URI organization);

    /** What to do where it knows, and does not allow what was asked for. */
    String cureWhereForbidden(URI organization);
}
