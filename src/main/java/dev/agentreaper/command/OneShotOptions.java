package dev.agentreaper.command;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of the commands that go over every pool once. */
public class OneShotOptions {
    @Option(
            names = "--offline-for",
            paramLabel = "TIME",
            converter = TimeSpan.class,
            description =
                    "How long an agent must have been offline, in place of REAPER_SWEEP_OFFLINE_FOR; 0s for any time.")
    @Nullable
    Duration offlineFor;

    @Mixin
    OutputOption output = new OutputOption();

    /** Reads {@code 10m}. */
    public static final class TimeSpan implements ITypeConverter<Duration> {
        private static final Duration LONGEST = Duration.ofDays(3650);

        @Override
        public Duration convert(String text) {
            try {
                Duration duration = DurationConverter.parseDuration(text);
                if (duration != null && !duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
                    return duration;
                }
            } catch (IllegalArgumentException | ArithmeticException e) {
                // Told below, as any text that is no time span.
            }
            throw new TypeConversionException(
                    "«%s» is not a time span of up to ten years. For example: --offline-for 10m".formatted(text));
        }
    }
}
