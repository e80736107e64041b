package dev.agentreaper.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All settings, each of them right.
 *
 * @param caFile certificates to trust besides the system's; null for none
 */
public record Settings(
        Mode mode,
        List<PoolSettings> pools,
        Duration shutdownTimeout,
        @Nullable Path caFile) {
    public Settings {
        pools = List.copyOf(pools);
    }
}
