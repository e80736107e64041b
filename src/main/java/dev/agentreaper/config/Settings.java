package dev.agentreaper.config;

import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All settings, each of them right.
 *
 * @param trusted the certificates by which Azure DevOps and Entra are known; null for the system's
 */
public record Settings(
        Mode mode,
        List<PoolSettings> pools,
        Duration shutdownTimeout,
        @Nullable KeyStore trusted) {
    public Settings {
        pools = List.copyOf(pools);
    }
}
