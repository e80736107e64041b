package dev.agentreaper.simulator;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which requests go wrong: for each operation first the counted faults, in turn, and then the lasting one. */
final class KubernetesFaultPlan {
    private final Map<KubernetesOperation, Deque<KubernetesFault>> counted = new EnumMap<>(KubernetesOperation.class);
    private final Map<KubernetesOperation, KubernetesFault> lasting = new EnumMap<>(KubernetesOperation.class);

    synchronized void fail(KubernetesOperation operation, KubernetesFault fault) {
        lasting.put(operation, fault);
    }

    synchronized void fail(KubernetesOperation operation, KubernetesFault fault, int times) {
        counted.computeIfAbsent(operation, absent -> new ArrayDeque<>()).addAll(Collections.nCopies(times, fault));
    }

    synchronized void heal() {
        counted.clear();
        lasting.clear();
    }

    /** The fault for the next request, or null for none. */
    synchronized @Nullable KubernetesFault next(KubernetesOperation operation) {
        KubernetesFault fault =
                counted.getOrDefault(operation, new ArrayDeque<>()).poll();
        return fault == null ? lasting.get(operation) : fault;
    }
}
