package dev.agentreaper.check;

import static java.util.stream.Collectors.toSet;

import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.check.PoolChecks.Found;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodScope;
import dev.agentreaper.kubernetes.PodSource;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tries everything, in the order in which one thing needs another, and goes on where it can when one fails. */
public final class Checks {
    /** The capabilities that have to be read of each agent, besides those of the settings. */
    public static final Set<String> CAPABILITIES = Set.of(Inventory.OF_A_POD, Inventory.OF_ANY_AGENT);

    private final KubernetesApi kubernetes;
    private final InstantSource clock;
    private final Consumer<Check> results;

    /** @param results is given each as soon as it is there */
    public Checks(KubernetesApi kubernetes, InstantSource clock, Consumer<Check> results) {
        this.kubernetes = kubernetes;
        this.clock = clock;
        this.results = results;
    }

    /**
     * @param pools by their settings, each of which reads {@link #CAPABILITIES} as well
     * @param ofPool whether a pod that a pool selects may run an agent of it
     * @param all whether these are all pools that there are; else a pod that none of them selects says nothing
     */
    public void run(Map<PoolSettings, AgentPool> pools, BiPredicate<PoolSettings, Pod> ofPool, boolean all)
            throws InterruptedException {
        Map<PoolSettings, List<Pod>> selected = selected(pools.keySet(), ofPool);
        Map<PoolSettings, Found> agents = new LinkedHashMap<>();
        PoolChecks azureDevOps = new PoolChecks(clock, results);
        for (Map.Entry<PoolSettings, AgentPool> pool : pools.entrySet()) {
            Found found = azureDevOps.run(pool.getKey(), pool.getValue());
            if (found != null) {
                agents.put(pool.getKey(), found);
            }
        }
        compare(selected, agents, all);
    }

    /** Of each pool whose pods can all be listed. */
    private Map<PoolSettings, List<Pod>> selected(Set<PoolSettings> pools, BiPredicate<PoolSettings, Pod> ofPool) {
        ClusterChecks cluster = new ClusterChecks(kubernetes, results);
        Map<PodSource, Optional<List<Pod>>> listed = new HashMap<>();
        Map<PoolSettings, List<Pod>> selected = new LinkedHashMap<>();
        for (PoolSettings pool : pools) {
            listed.computeIfAbsent(pool.pods(), source -> Optional.ofNullable(cluster.run(source)))
                    .ifPresent(pods -> selected.put(
                            pool,
                            pods.stream().filter(pod -> ofPool.test(pool, pod)).toList()));
        }
        return selected;
    }

    private void compare(Map<PoolSettings, List<Pod>> selected, Map<PoolSettings, Found> agents, boolean all) {
        Map<PoolSettings, Set<AgentName>> withoutPod = new HashMap<>();
        selected.forEach((pool, pods) -> {
            Found found = agents.get(pool);
            withoutPod.put(pool, onlineWithoutPod(found == null ? List.of() : found.agents(), pods));
        });
        SelectorFindings selectors = all
                ? selectors(
                        selected,
                        withoutPod.values().stream().flatMap(Set::stream).collect(toSet()))
                : null;
        selected.forEach((pool, pods) -> {
            if (selectors != null) {
                results.accept(selectors.of(pool, keys(pods), withoutPod.getOrDefault(pool, Set.of())));
            }
            Found found = agents.get(pool);
            if (found != null) {
                new AgentFindings(new Inventory(
                                pool, found.name(), found.others(), found.agents(), pods, clock.instant()))
                        .all()
                        .forEach(results);
            }
        });
    }

    private static Set<AgentName> onlineWithoutPod(List<Agent> agents, List<Pod> pods) {
        Set<AgentName> online =
                agents.stream().filter(Agent::online).map(Agent::name).collect(toSet());
        pods.forEach(pod -> {
            if (pod.agent() instanceof PodAgent.Named(AgentName name)) {
                online.remove(name);
            }
        });
        return online;
    }

    /** Null where no pods but the selected ones can be listed. */
    private @Nullable SelectorFindings selectors(Map<PoolSettings, List<Pod>> selected, Set<AgentName> withoutPod) {
        Set<PodKey> selectedByAny = new HashSet<>();
        Set<PodScope> selecting = new HashSet<>();
        selected.forEach((pool, pods) -> {
            selectedByAny.addAll(keys(pods));
            selecting.addAll(pool.pods().scopes());
        });
        SelectorFindings everywhere =
                shown(Set.of(""), selecting, selectedByAny, new SelectorFindings(selectedByAny, withoutPod, true));
        return everywhere == null
                ? shown(
                        selecting.stream().map(PodScope::namespace).collect(toSet()),
                        selecting,
                        selectedByAny,
                        new SelectorFindings(selectedByAny, withoutPod, false))
                : everywhere;
    }

    /** Null where the pods of these namespaces can't be listed. */
    private @Nullable SelectorFindings shown(
            Set<String> namespaces, Set<PodScope> selecting, Set<PodKey> selectedByAny, SelectorFindings findings) {
        try {
            for (String namespace : namespaces) {
                kubernetes.list(new PodScope(namespace, ""), findings::add);
            }
            // Once more: some have come between the two lists.
            for (PodScope scope : selecting) {
                kubernetes.list(scope, pod -> selectedByAny.add(pod.key()));
            }
            return findings;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private static Set<PodKey> keys(List<Pod> pods) {
        return pods.stream().map(Pod::key).collect(toSet());
    }
}
