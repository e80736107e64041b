package dev.agentreaper.config;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Times as they are written in settings and options: {@code 30s}, {@code 10m}, {@code 2h}, {@code 1d}. */
public final class TimeSpan {
    private static final Duration LONGEST = Duration.ofDays(3650);

    private TimeSpan() {}

    /** @throws IllegalArgumentException with what is wrong with it, for the operator */
    public static Duration parse(String text) {
        if (text.matches("\\d+") && !text.matches("0+")) {
            throw new IllegalArgumentException("it has no unit, as in %1$ss, %1$sm, %1$sh or %1$sd".formatted(text));
        }
        @Nullable Duration duration;
        try {
            duration = DurationConverter.parseDuration(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException("it is not a time span", e);
        }
        if (duration == null || duration.isNegative()) {
            throw new IllegalArgumentException("it is not a time span of zero or more");
        }
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("it is longer than ten years");
        }
        return duration;
    }
}
