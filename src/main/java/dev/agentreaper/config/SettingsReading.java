package dev.agentreaper.config;

import dev.agentreaper.health.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading the settings.
 *
 * @param usable where there are faults, those of the pools without any; null for nothing
 */
public record SettingsReading(@Nullable Settings usable, List<Fault> faults) {
    public SettingsReading {
        faults = List.copyOf(faults);
    }
}
