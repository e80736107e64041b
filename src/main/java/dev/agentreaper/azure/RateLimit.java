package dev.agentreaper.azure;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of an answer say of its caller's rate. ({@code X-RateLimit-Delay} is no wish: so long was this very answer
 * held back.)
 *
 * @see <a href="https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits">Rate limits</a>
 */
final class RateLimit {
    // At the reset all usage is forgotten, which is more than we need: a call is held back for half a minute at most.
    private static final Duration LONGEST_UNTIL_RESET = Duration.ofSeconds(30);

    private RateLimit() {}

    /**
     * How long to wait before the next call: as {@code Retry-After} says, else until the reset where nothing remains.
     *
     * @param now by the clock of who answered
     */
    static Duration pause(Response response, Instant now) {
        return response.getHeaderString(HttpHeaders.RETRY_AFTER) != null
                ? RestClients.retryAfter(response)
                : untilReset(
                        response.getHeaderString("X-RateLimit-Remaining"),
                        response.getHeaderString("X-RateLimit-Reset"),
                        now);
    }

    /**
     * @param remaining how many units are left before calls are held back
     * @param reset when none would be used any more, in seconds since 1970
     * @return zero where something remains, or it is not said, or oddly
     */
    static Duration untilReset(@Nullable String remaining, @Nullable String reset, Instant now) {
        if (remaining == null || reset == null || !remaining.matches("0(\\.0+)?") || !reset.matches("\\d{1,11}")) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(now, Instant.ofEpochSecond(Long.parseLong(reset)));
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(LONGEST_UNTIL_RESET) < 0 ? left : LONGEST_UNTIL_RESET;
    }
}
