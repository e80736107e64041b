package dev.agentreaper.azure.signin;

import java.time.Duration;
import java.time.Instant;

/**
 * A token of Microsoft Entra that Azure DevOps takes.
 *
 * @param renewAt from when on another one should be asked for, while this one still works
 * @param end when it stops working
 */
record AccessToken(String value, Instant renewAt, Instant end) {
    /** One that never worked. */
    static final AccessToken NONE = new AccessToken("", Instant.MIN, Instant.MIN);

    private static final Duration RENEW_BEFORE_END = Duration.ofMinutes(5);

    /** One that works this long from when it was asked for: renewed five minutes before, or a short one at half its life. */
    static AccessToken lasting(Duration life, String value, Instant askedAt) {
        Duration half = life.dividedBy(2);
        Duration before = half.compareTo(RENEW_BEFORE_END) < 0 ? half : RENEW_BEFORE_END;
        Instant end = askedAt.plus(life);
        return new AccessToken(value, end.minus(before), end);
    }

    /** The same, known to work no longer. */
    AccessToken ended() {
        return new AccessToken(value, Instant.MIN, Instant.MIN);
    }

    @Override
    public String toString() {
        return "an access token until " + end;
    }
}
