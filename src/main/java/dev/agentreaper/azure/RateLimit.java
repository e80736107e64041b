package dev.agentreaper.azure;

import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of an answer say of its caller's rate. ({@code X-RateLimit-Delay} is no wish: so long was this very answer
 * held back.)
 *
 * @param remaining what is left, in units, before calls are held back
 * @param limit what there is where nothing is used
 * @param reset when nothing would be used any more; null where it is not said
 * @see <a href="https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits">Rate limits</a>
 */
record RateLimit(double remaining, double limit, @Nullable Instant reset) {
    // At the reset all usage is forgotten, which is more than we need: a call is held back for half a minute at most.
    private static final Duration LONGEST_UNTIL_RESET = Duration.ofSeconds(30);

    private static final Pattern UNITS = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    /** Null where it is not said, or oddly. */
    static @Nullable RateLimit of(Response response) {
        return of(
                response.getHeaderString("X-RateLimit-Remaining"),
                response.getHeaderString("X-RateLimit-Limit"),
                response.getHeaderString("X-RateLimit-Reset"));
    }

    /**
     * The same, of the three headers.
     *
     * @param reset in seconds since 1970
     */
    static @Nullable RateLimit of(@Nullable String remaining, @Nullable String limit, @Nullable String reset) {
        if (remaining == null || !UNITS.matcher(remaining).matches()) {
            return null;
        }
        boolean limited = limit != null && UNITS.matcher(limit).matches();
        return new RateLimit(
                Double.parseDouble(remaining),
                Double.parseDouble(limited ? limit : remaining),
                reset != null && reset.matches("\\d{1,11}") ? Instant.ofEpochSecond(Long.parseLong(reset)) : null);
    }

    /** What is left by then, where nothing was said since: at the reset all usage is forgotten. */
    double remainingAt(Instant time) {
        return reset != null && time.isAfter(reset) ? limit : remaining;
    }

    /**
     * How long to wait before the next call: until the reset where nothing remains.
     *
     * @param now by the clock of who answered
     */
    Duration pause(Instant now) {
        if (remaining > 0 || reset == null || reset.isBefore(now)) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(now, reset);
        return left.compareTo(LONGEST_UNTIL_RESET) < 0 ? left : LONGEST_UNTIL_RESET;
    }
}
