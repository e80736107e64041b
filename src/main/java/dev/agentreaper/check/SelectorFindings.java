package dev.agentreaper.check;

import static java.util.stream.Collectors.toSet;

import dev.agentreaper.config.Key;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.kubernetes.AgentSigns;
import dev.agentreaper.kubernetes.PodFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which pods look like agents, and are not selected. Keeps little of each pod, as a cluster may have thousands. */
final class SelectorFindings {
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<String, Set<Map<String, String>>> labelsOfOthers = new HashMap<>();
    private final Set<PodKey> selectedByAny;
    private final Set<AgentName> withoutPod;
    private final boolean everywhere;

    /**
     * @param selectedByAny the pods that some pool selects
     * @param withoutPod the agents of all pools that are online and that no selected pod runs
     * @param everywhere whether it is shown the pods of all namespaces
     */
    SelectorFindings(Set<PodKey> selectedByAny, Set<AgentName> withoutPod, boolean everywhere) {
        this.selectedByAny = selectedByAny;
        this.withoutPod = withoutPod;
        this.everywhere = everywhere;
    }

    private record Candidate(PodKey key, Map<String, String> labels, boolean ended, AgentSigns signs) {
        AgentName name() {
            return new AgentName(key.name());
        }
    }

    /** Is to be shown each pod, selected or not; of those that are no agents it keeps the labels alone. */
    void add(PodFacts pod) {
        Map<String, String> labels = SelectorProposal.lasting(pod.metadata().labels());
        Candidate candidate = new Candidate(pod.key(), labels, pod.status().ended(), AgentSigns.of(pod));
        if (selectedByAny.contains(pod.key()) || candidate.signs().isAgent() || withoutPod.contains(candidate.name())) {
            candidates.add(candidate);
        } else {
            labelsOfOthers
                    .computeIfAbsent(pod.key().namespace(), namespace -> new HashSet<>())
                    .add(labels);
        }
    }

    /**
     * @param selected the pods that this pool selects
     * @param online those of its agents that are online and that no selected pod runs
     */
    Check of(PoolSettings pool, Set<PodKey> selected, Set<AgentName> online) {
        List<Candidate> missed = candidates.stream()
                .filter(pod -> !selectedByAny.contains(pod.key()))
                .filter(pod -> !pod.ended())
                .filter(pod -> pod.signs().isAgent()
                        ? pod.signs().declared().mayBe(pool.url(), pool.pool())
                        : online.contains(pod.name()))
                .toList();
        if (missed.isEmpty()) {
            return Check.passed(
                    "selector",
                    pool.name(),
                    "no pod that looks like an agent is left out by %s%s"
                            .formatted(pool.pods(), everywhere ? "" : "; other namespaces we may not read"));
        }
        return new Check(
                "selector",
                pool.name(),
                "%s (by AZP_URL or AZP_POOL in their env, or by the name of an agent that is online), left out by %s: %s"
                        .formatted(
                                missed.size() == 1
                                        ? "1 pod looks like an agent"
                                        : missed.size() + " pods look like agents",
                                pool.pods(),
                                Wording.of(missed.stream()
                                        .map(pod -> pod.key().toString())
                                        .toList())),
                cure(pool, selected, missed));
    }

    private String cure(PoolSettings pool, Set<PodKey> selected, List<Candidate> missed) {
        List<String> given = pool.pods().namespaces();
        Set<String> namespaces = new TreeSet<>(given);
        missed.forEach(pod -> namespaces.add(pod.key().namespace()));
        String proposed = selector(selected, missed, namespaces);
        List<String> cures = new ArrayList<>();
        if (proposed == null) {
            cures.add("give the pods a label in common in their template, and set " + Advice.named(Key.POD_SELECTOR)
                    + " to it");
        } else if (!proposed.equals(pool.pods().selector())) {
            cures.add(Advice.set(Key.POD_SELECTOR, proposed));
        }
        if (!given.contains("") && !given.containsAll(namespaces)) {
            cures.add(Advice.set(Key.NAMESPACES, String.join(",", namespaces)));
        }
        return String.join(", and ", cures) + ".";
    }

    /** One that selects, in these namespaces, what was selected and what was missed, and nothing else; null for none. */
    private @Nullable String selector(Set<PodKey> selected, List<Candidate> missed, Set<String> namespaces) {
        Set<PodKey> missedKeys = missed.stream().map(Candidate::key).collect(toSet());
        List<Map<String, String>> wanted = new ArrayList<>();
        Set<Map<String, String>> others = new HashSet<>();
        for (Candidate pod : candidates) {
            if (selected.contains(pod.key()) || missedKeys.contains(pod.key())) {
                wanted.add(pod.labels());
            } else if (isIn(pod.key().namespace(), namespaces)) {
                others.add(pod.labels());
            }
        }
        labelsOfOthers.forEach((namespace, labels) -> {
            if (isIn(namespace, namespaces)) {
                others.addAll(labels);
            }
        });
        return SelectorProposal.of(wanted, others);
    }

    private static boolean isIn(String namespace, Set<String> namespaces) {
        return namespaces.contains("") || namespaces.contains(namespace);
    }
}
