package dev.agentreaper.config;

import dev.agentreaper.decision.Mode;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.network.Proxies;
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

    /**
     * Whether the pod may run an agent of this pool: not if it names another of these pools, nor if it says that its agent is
     * not of this one but may be of another of these.
     */
    public boolean mayBeOf(PoolSettings pool, Pod pod) {
        if (pool.isNamedBy(pod)) {
            return true;
        }
        return pools.stream().noneMatch(other -> other.isNamedBy(pod))
                && (pool.mayBeDeclaredBy(pod) || pools.stream().noneMatch(other -> other.isDeclaredBy(pod)));
    }
}
