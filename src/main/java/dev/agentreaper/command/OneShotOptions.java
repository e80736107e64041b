package dev.agentreaper.command;

import dev.agentreaper.config.TimeSpan;
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
            converter = TimeSpanConverter.class,
            description =
                    "How long an agent must have been offline, in place of REAPER_SWEEP_OFFLINE_FOR; 0s for any time.")
    @Nullable
    Duration offlineFor;

    @Mixin
    OutputOption output = new OutputOption();

    /** As in the settings. */
    public static final class TimeSpanConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return TimeSpan.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "«%s»: %s. For example: --offline-for 10m".formatted(text, e.getMessage()));
            }
        }
    }
}
