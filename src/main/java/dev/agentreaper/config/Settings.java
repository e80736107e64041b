package dev.agentreaper.config;

import dev.agentreaper.decision.Pod;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.removal.Mode;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All settings, each of them right.
 *
 * @param trusted the certificates by which Azure DevOps and Entra are known; null for the system's
 * @param proxies those on the way to them
 */
public record Settings(
        Mode mode,
        List<PoolSettings> pools,
        Duration shutdownTimeout,
        @Nullable KeyStore trusted,
        Proxies proxies) {
    public Settings {
        pools = List.copyOf(pools);
    }

    /** Whether the pod may run an agent of this pool: all but those that say that theirs is one of another of these pools, and not of this one. */
    public boolean mayBeOf(PoolSettings pool, Pod pod) {
        return pool.mayBeDeclaredBy(pod) || pools.stream().noneMatch(other -> other.isDeclaredBy(pod));
    }
}
