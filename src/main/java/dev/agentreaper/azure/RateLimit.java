package dev.agentreaper.azure;

import dev.agentreaper.network.RestClients;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
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

    private static final Pattern UNITS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private RateLimit() {}

    /**
     * What is left, in units, before calls are held back.
     *
     * @param limit what there is where nothing is used
     * @param reset when nothing would be used any more; null where it is not said
     */
    record Left(double remaining, double limit, @Nullable Instant reset) {
        /** What is left by then, where nothing was said since: at the reset all usage is forgotten. */
        double at(Instant time) {
            return reset != null && time.isAfter(reset) ? limit : remaining;
        }
    }

    /** Null where it is not said, or oddly. */
    static @Nullable Left left(Response response) {
        return left(
                response.getHeaderString("X-RateLimit-Remaining"),
                response.getHeaderString("X-RateLimit-Limit"),
                response.getHeaderString("X-RateLimit-Reset"));
    }

    /** The same, of the three headers. */
    static @Nullable Left left(@Nullable String remaining, @Nullable String limit, @Nullable String reset) {
        if (remaining == null || !UNITS.matcher(remaining).matches()) {
            return null;
        }
        boolean limited = limit != null && UNITS.matcher(limit).matches();
        return new Left(
                Double.parseDouble(remaining),
                Double.parseDouble(limited ? limit : remaining),
                reset != null && reset.matches("\\d{1,11}") ? Instant.ofEpochSecond(Long.parseLong(reset)) : null);
    }

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
