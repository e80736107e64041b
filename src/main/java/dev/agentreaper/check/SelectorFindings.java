package dev.agentreaper.check;

import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.kubernetes.AgentSigns;
import dev.agentreaper.kubernetes.PodFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which pods look like agents, and are not selected. */
final class SelectorFindings {
    private final List<PodFacts> candidates = new ArrayList<>();
    private final List<Map<String, String>> labelsOfOthers = new ArrayList<>();
    private final Set<PodKey> selectedByAny;

    /** @param selectedByAny the pods that some pool selects */
    SelectorFindings(Set<PodKey> selectedByAny) {
        this.selectedByAny = selectedByAny;
    }

    /** Is to be shown each pod of the cluster, selected or not; of those that are no agents it keeps the labels alone. */
    void add(PodFacts pod) {
        if (selectedByAny.contains(pod.key()) || AgentSigns.of(pod).isAgent()) {
            candidates.add(pod);
        } else {
            labelsOfOthers.add(pod.metadata().labels());
        }
    }

    /** @param selected those that this pool selects */
    Check of(PoolSettings pool, Set<PodKey> selected) {
        List<PodFacts> missed = candidates.stream()
                .filter(pod -> !selectedByAny.contains(pod.key()))
                .filter(pod -> !pod.status().ended())
                .filter(pod -> seemsToBeOf(pool, AgentSigns.of(pod)))
                .toList();
        if (missed.isEmpty()) {
            return Check.passed(
                    "selector", pool.name(), "no pod that looks like an agent is left out by " + pool.pods());
        }
        return new Check(
                "selector",
                pool.name(),
                "%d pods look like agents (their env has AZP_URL or AZP_POOL) and are left out by %s: %s"
                        .formatted(
                                missed.size(),
                                pool.pods(),
                                Some.of(missed.stream()
                                        .map(pod -> pod.key().toString())
                                        .toList())),
                cure(pool, selected, missed));
    }

    private static boolean seemsToBeOf(PoolSettings pool, AgentSigns signs) {
        return signs.isAgent() && (signs.pool() == null || signs.pool().equalsIgnoreCase(pool.pool()));
    }

    private String cure(PoolSettings pool, Set<PodKey> selected, List<PodFacts> missed) {
        List<PodFacts> wanted = Stream.concat(
                        candidates.stream().filter(pod -> selected.contains(pod.key())), missed.stream())
                .toList();
        List<Map<String, String>> others = new ArrayList<>(labelsOfOthers);
        candidates.stream()
                .filter(pod -> !wanted.contains(pod))
                .forEach(pod -> others.add(pod.metadata().labels()));
        String proposed = SelectorProposal.of(
                wanted.stream().map(pod -> pod.metadata().labels()).toList(), others);
        List<String> cures = new ArrayList<>();
        cures.add(
                proposed == null
                        ? "give the pods a label in common in their template, and select it by REAPER_POD_SELECTOR"
                        : "set REAPER_POD_SELECTOR=" + proposed);
        String namespaces = namespaces(pool, missed);
        if (namespaces != null) {
            cures.add("set REAPER_NAMESPACES=" + namespaces);
        }
        return String.join(", and ", cures) + ".";
    }

    /** Those of the pool and of the pods that it misses; null where it has them all. */
    private static @Nullable String namespaces(PoolSettings pool, List<PodFacts> missed) {
        List<String> given = pool.pods().namespaces();
        Set<String> needed = new TreeSet<>(given);
        missed.forEach(pod -> needed.add(pod.key().namespace()));
        return given.contains("") || given.containsAll(needed) ? null : String.join(",", needed);
    }
}
