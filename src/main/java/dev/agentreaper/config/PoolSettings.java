package dev.agentreaper.config;

import dev.agentreaper.azure.signin.SignIn;
import dev.agentreaper.decision.DeclaredPool;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.kubernetes.PodSource;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one pool.
 *
 * @param name what it is called here, in logs and metrics; {@code default} where there is no file
 * @param pool its name in Azure DevOps, or its id when all digits
 * @param pods its agent pods
 * @param sweepEvery null where it is not swept in {@code run}
 */
public record PoolSettings(
        String name,
        URI url,
        String pool,
        SignIn signIn,
        String apiVersion,
        PodSource pods,
        Policy policy,
        Duration retryFor,
        @Nullable Duration sweepEvery) {

    boolean isByItsId() {
        return DeclaredPool.isId(this.pool);
    }

    boolean isSamePoolAs(PoolSettings other) {
        return isByItsId()
                ? Integer.valueOf(this.pool).equals(Integer.valueOf(other.pool))
                : this.pool.equalsIgnoreCase(other.pool);
    }

    boolean isInSameOrganizationAs(PoolSettings other) {
        return DeclaredPool.of(url.toString(), null).isAt(other.url);
    }

    boolean mayBeDeclaredBy(Pod pod) {
        return pod.declared().mayBe(url, this.pool);
    }

    boolean isNamedBy(Pod pod) {
        return pod.declared().names(url, this.pool);
    }

    boolean isDeclaredBy(Pod pod) {
        return pod.declared().is(url, this.pool);
    }
}
