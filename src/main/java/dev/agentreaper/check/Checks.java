package dev.agentreaper.check;

import static java.util.stream.Collectors.toSet;

import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.azure.Listing;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodFacts;
import dev.agentreaper.kubernetes.PodScope;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tries everything, in the order in which one thing needs another, and goes on where it can when one fails. */
public final class Checks {
    /** The capabilities that have to be read of each agent, besides those of the settings. */
    public static final Set<String> CAPABILITIES = Set.of(AgentFindings.OF_A_POD, AgentFindings.OF_ANY_AGENT);

    private final KubernetesApi kubernetes;
    private final InstantSource clock;
    private final Consumer<Check> results;

    /** @param results is given each as soon as it is there */
    public Checks(KubernetesApi kubernetes, InstantSource clock, Consumer<Check> results) {
        this.kubernetes = kubernetes;
        this.clock = clock;
        this.results = results;
    }

    /** @param pools by their settings, each of which reads {@link #CAPABILITIES} as well */
    public void of(Map<PoolSettings, AgentPool> pools) throws InterruptedException {
        Map<PodScope, List<PodFacts>> listed = new LinkedHashMap<>();
        ClusterChecks cluster = new ClusterChecks(kubernetes, results);
        for (PoolSettings pool : pools.keySet()) {
            for (PodScope scope : pool.pods().scopes()) {
                if (!listed.containsKey(scope)) {
                    List<PodFacts> pods = cluster.of(scope);
                    if (pods != null) {
                        listed.put(scope, pods);
                    }
                }
            }
        }
        Map<PoolSettings, List<PodFacts>> selected = new LinkedHashMap<>();
        for (PoolSettings pool : pools.keySet()) {
            if (listed.keySet().containsAll(pool.pods().scopes())) {
                selected.put(
                        pool,
                        pool.pods().scopes().stream()
                                .flatMap(scope -> listed.getOrDefault(scope, List.of()).stream())
                                .toList());
            }
        }
        SelectorFindings selectors = selectors(selected);
        PoolChecks azureDevOps = new PoolChecks(clock, results);
        for (Map.Entry<PoolSettings, AgentPool> pool : pools.entrySet()) {
            Listing listing = azureDevOps.of(pool.getKey(), pool.getValue());
            List<PodFacts> pods = selected.get(pool.getKey());
            if (pods != null) {
                if (selectors != null) {
                    results.accept(selectors.of(pool.getKey(), keys(pods)));
                }
                if (listing != null) {
                    findings(pool.getKey(), listing, pods).forEach(results);
                }
            }
        }
    }

    private List<Check> findings(PoolSettings pool, Listing listing, List<PodFacts> facts) {
        List<Pod> pods = facts.stream().map(pool.pods().template()::read).toList();
        return new AgentFindings(pool.name(), pool.policy(), listing.agents(), pods, clock.instant()).all();
    }

    /** Null where no pods but the selected ones can be listed. */
    private @Nullable SelectorFindings selectors(Map<PoolSettings, List<PodFacts>> selected) {
        Set<String> namespaces = new HashSet<>();
        selected.keySet().forEach(pool -> namespaces.addAll(pool.pods().namespaces()));
        Set<PodKey> selectedByAny = selected.values().stream()
                .flatMap(List::stream)
                .map(PodFacts::key)
                .collect(toSet());
        SelectorFindings inAll = selectors(Set.of(""), selectedByAny);
        return inAll == null ? selectors(namespaces, selectedByAny) : inAll;
    }

    private @Nullable SelectorFindings selectors(Set<String> namespaces, Set<PodKey> selectedByAny) {
        SelectorFindings findings = new SelectorFindings(selectedByAny);
        try {
            for (String namespace : namespaces) {
                kubernetes.list(new PodScope(namespace, ""), findings::add);
            }
            return findings;
        } catch (IOException e) {
            return null;
        }
    }

    private static Set<PodKey> keys(List<PodFacts> pods) {
        return pods.stream().map(PodFacts::key).collect(toSet());
    }
}
