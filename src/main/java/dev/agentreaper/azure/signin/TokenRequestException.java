package dev.agentreaper.azure.signin;

import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import java.time.Duration;

/** Microsoft Entra, or the machine's metadata service, was asked for an access token and gave none. */
final class TokenRequestException extends ProblemException {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    /** @param retryAfter how long it wants us to wait; zero where it does not say */
    TokenRequestException(Problem problem, Duration retryAfter) {
        super(problem);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
