package dev.agentreaper.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the label selector that selects some pods and no others. */
final class SelectorProposal {
    /** Those that say what a pod is, the plainest first. */
    private static final List<String> PREFERRED = List.of(
            "app",
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/component",
            "scaledjob.keda.sh/name");

    /** Those by which controllers tell one revision, run or pod of a workload from the next. */
    private static final Set<String> OF_ONE_REVISION = Set.of(
            "pod-template-hash",
            "controller-revision-hash",
            "pod-template-generation",
            "statefulset.kubernetes.io/pod-name",
            "apps.kubernetes.io/pod-index",
            "controller-uid",
            "job-name",
            "batch.kubernetes.io/controller-uid",
            "batch.kubernetes.io/job-name",
            "batch.kubernetes.io/job-completion-index");

    /** More would be the names of single pods, say, and not of the kinds of them. */
    private static final int MOST_VALUES = 10;

    private SelectorProposal() {}

    /** Those of a pod's labels that the pods of later revisions have, too. */
    static Map<String, String> lasting(Map<String, String> labels) {
        Map<String, String> lasting = new HashMap<>(labels);
        lasting.keySet().removeAll(OF_ONE_REVISION);
        return lasting;
    }

    /**
     * @param wanted the labels of the pods to be selected, one at least
     * @param others those of all other pods
     * @return null where no label tells the ones from the others
     */
    static @Nullable String of(List<Map<String, String>> wanted, Collection<Map<String, String>> others) {
        return wanted.getFirst().keySet().stream()
                .filter(key -> !OF_ONE_REVISION.contains(key))
                .filter(key -> wanted.stream().allMatch(labels -> labels.containsKey(key)))
                .map(key -> new Candidate(key, values(key, wanted)))
                .filter(candidate -> candidate.values().size() <= MOST_VALUES)
                .filter(candidate -> others.stream().noneMatch(candidate::selects))
                .min(Comparator.comparingInt(
                                (Candidate candidate) -> candidate.values().size())
                        .thenComparingInt(candidate -> rank(candidate.key()))
                        .thenComparing(Candidate::key))
                .map(Candidate::selector)
                .orElse(null);
    }

    private static SortedSet<String> values(String key, List<Map<String, String>> pods) {
        return pods.stream().map(labels -> labels.getOrDefault(key, "")).collect(Collectors.toCollection(TreeSet::new));
    }

    private static int rank(String key) {
        return PREFERRED.contains(key) ? PREFERRED.indexOf(key) : PREFERRED.size();
    }

    private record Candidate(String key, Set<String> values) {
        boolean selects(Map<String, String> labels) {
            return labels.containsKey(key) && values.contains(labels.get(key));
        }

        String selector() {
            return values.size() == 1
                    ? key + "=" + values.iterator().next()
                    : "%s in (%s)".formatted(key, String.join(",", values));
        }
    }
}
