package dev.agentreaper.decision;

import java.util.Collection;
import java.util.List;

/** Where a pod is found in its cluster. A pod that comes back under its name has the same key and another UID. */
public record PodKey(String namespace, String name) {

    /** As they are shown, in their order. */
    public static List<String> names(Collection<PodKey> pods) {
        return pods.stream().map(PodKey::toString).sorted().toList();
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
