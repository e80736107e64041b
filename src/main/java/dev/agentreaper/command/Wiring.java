package dev.agentreaper.command;

import dev.agentreaper.azure.CallMetrics;
import dev.agentreaper.azure.Organization;
import dev.agentreaper.azure.signin.Credential;
import dev.agentreaper.azure.signin.EntraCredential;
import dev.agentreaper.azure.signin.EntraIdentity;
import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.azure.signin.SignIn;
import dev.agentreaper.config.Settings;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.health.Connection;
import dev.agentreaper.kubernetes.AgentPods;
import dev.agentreaper.kubernetes.KubernetesApi;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Makes the parts of all pools. Pools that sign in to the same organization as the same identity, and ask for the same
 * api-version, heed its rate limit together; all that sign in as the same identity share its access token.
 */
@ApplicationScoped
public class Wiring {
    private final Version version;
    private final MeterRegistry meters;

    Wiring(Version version, MeterRegistry meters) {
        this.version = version;
        this.meters = meters;
    }

    private record Access(URI url, Credential credential, String apiVersion) {}

    List<PoolWiring> wire(
            Settings settings, KubernetesApi kubernetes, InstantSource clock, UnaryOperator<Policy> adjusted) {
        Map<SignIn, Credential> credentials = new HashMap<>();
        CallMetrics metrics = new CallMetrics(meters, clock);
        Map<Access, Organization> organizations = new HashMap<>();
        return settings.pools().stream()
                .map(pool -> new PoolWiring(
                        pool,
                        adjusted.apply(pool.policy()),
                        settings.mode(),
                        organizations.computeIfAbsent(
                                new Access(
                                        pool.url(),
                                        credentials.computeIfAbsent(
                                                pool.signIn(), way -> credential(way, settings, clock)),
                                        pool.apiVersion()),
                                access -> organization(access, settings, metrics, clock)),
                        new AgentPods(
                                kubernetes,
                                pool.pods(),
                                pod -> settings.mayBeOf(pool, pod),
                                Connection.assumedToWork("list of pods of pool " + pool.name(), clock),
                                Connection.assumedToWork("live re-check of pool " + pool.name(), clock)),
                        clock,
                        meters))
                .toList();
    }

    private Credential credential(SignIn signIn, Settings settings, InstantSource clock) {
        return switch (signIn) {
            case PersonalAccessToken token -> token;
            case EntraIdentity identity ->
                new EntraCredential(identity, settings.trusted(), settings.proxies(), version.userAgent(), clock);
        };
    }

    private Organization organization(Access access, Settings settings, CallMetrics metrics, InstantSource clock) {
        return new Organization(
                access.url(),
                access.credential(),
                access.apiVersion(),
                settings.trusted(),
                settings.proxies(),
                version.userAgent(),
                clock,
                metrics);
    }
}
