package dev.agentreaper.watch;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pods of one watch as it last saw them, and what each change of them says about pods that are gone. Thread-safe. */
final class PodIndex {
    private final Map<PodKey, Pod> pods = new HashMap<>();
    private final Map<AgentName, List<Pod>> byAgent = new HashMap<>();

    /**
     * Takes a complete list.
     *
     * @param sameHistory whether the list can be told to be later than what is here; if not, as after the cluster was
     *     restored to an older state, nobody is called gone for lacking in it
     */
    synchronized List<GonePod> replace(Collection<Pod> listed, boolean sameHistory) {
        List<GonePod> gone = new ArrayList<>();
        Set<PodKey> missing = new HashSet<>(pods.keySet());
        for (Pod pod : listed) {
            missing.remove(pod.key());
            changed(pod).stream()
                    .filter(change -> sameHistory || change.pod().uid().equals(pod.uid()))
                    .forEach(gone::add);
        }
        for (PodKey key : missing) {
            Pod before = put(key, null);
            if (sameHistory && before != null && before.isLive()) {
                gone.add(new GonePod(before, Trigger.EVENT));
            }
        }
        return gone;
    }

    /** Takes a pod that is new or has changed. */
    synchronized List<GonePod> changed(Pod pod) {
        Pod before = pods.get(pod.key());
        if (before == null || !before.uid().equals(pod.uid())) {
            List<GonePod> gone = replaced(before);
            put(pod.key(), pod);
            if (pod.ended()) {
                gone.add(new GonePod(pod, Trigger.FOUND_GONE));
            }
            return gone;
        }
        Pod now = named(pod, before);
        put(pod.key(), now);
        return now.ended() && before.isLive() ? List.of(new GonePod(now, Trigger.EVENT)) : List.of();
    }

    /** Takes a pod that has left the watch. */
    synchronized List<GonePod> left(Pod pod) {
        Pod before = put(pod.key(), null);
        if (before == null || !before.uid().equals(pod.uid())) {
            List<GonePod> gone = replaced(before);
            gone.add(new GonePod(pod, Trigger.EVENT));
            return gone;
        }
        return before.isLive() ? List.of(new GonePod(named(pod, before), Trigger.EVENT)) : List.of();
    }

    /** Whether it knows a pod, of such as these, that runs this agent. */
    synchronized boolean hasPodOf(AgentName agent, Predicate<Pod> such) {
        return byAgent.getOrDefault(agent, List.of()).stream().anyMatch(such);
    }

    /** The end of a pod that was here was missed: another has its name. */
    private static List<GonePod> replaced(@Nullable Pod before) {
        List<GonePod> gone = new ArrayList<>();
        if (before != null && before.isLive()) {
            gone.add(new GonePod(before, Trigger.EVENT));
        }
        return gone;
    }

    /** An agent keeps the name by which it registered, whatever becomes of its pod's labels or address. */
    private static Pod named(Pod pod, Pod before) {
        return before.agent() instanceof PodAgent.Named ? pod.with(before.agent()) : pod;
    }

    private @Nullable Pod put(PodKey key, @Nullable Pod pod) {
        Pod before = pod == null ? pods.remove(key) : pods.put(key, pod);
        if (before != null && before.agent() instanceof PodAgent.Named(AgentName name)) {
            byAgent.computeIfPresent(name, (agent, same) -> without(before, same));
        }
        if (pod != null && pod.agent() instanceof PodAgent.Named(AgentName name)) {
            byAgent.merge(
                    name,
                    List.of(pod),
                    (same, added) ->
                            Stream.concat(same.stream(), added.stream()).toList());
        }
        return before;
    }

    private static @Nullable List<Pod> without(Pod pod, List<Pod> all) {
        List<Pod> others =
                all.stream().filter(other -> !other.key().equals(pod.key())).toList();
        return others.isEmpty() ? null : others;
    }
}
