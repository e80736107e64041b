package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Pods by {@code namespace/name}, in the order of the API server's lists, with one resource version for all and a
 * history of changes from which watches resume and earlier states are worked out. A stored pod is never changed, only
 * replaced.
 */
final class KubernetesPodStore {
    private static final int HISTORY = 10_000;

    private final Set<KubernetesWatch> watches = new HashSet<>();
    private NavigableMap<String, ObjectNode> pods = new TreeMap<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private long version = 1000;
    private long oldest = version;
    /** Kept for the further pages of a list. */
    private @Nullable State lastAsked;

    private record State(long version, NavigableMap<String, ObjectNode> pods) {}

    /** What happened to one pod: created if there was none before, deleted if there is none after. */
    record Change(
            long version,
            String key,
            @Nullable ObjectNode before,
            @Nullable ObjectNode after) {}

    synchronized long version() {
        return version;
    }

    /** The oldest version that is still known. */
    synchronized long oldest() {
        return oldest;
    }

    synchronized Optional<ObjectNode> get(String key) {
        return Optional.ofNullable(pods.get(key));
    }

    /** Replaces a pod by what the operator makes of it; null is no pod, before as well as after. */
    synchronized void change(String key, UnaryOperator<@Nullable ObjectNode> operator) {
        ObjectNode before = pods.get(key);
        ObjectNode after = operator.apply(before);
        version++;
        if (after == null) {
            pods.remove(key);
        } else {
            after.withObject("/metadata").put("resourceVersion", Long.toString(version));
            pods.put(key, after);
        }
        Change change = new Change(version, key, before, after);
        history.add(change);
        if (history.size() > HISTORY) {
            oldest = history.remove().version();
        }
        watches.forEach(watch -> watch.accept(change));
    }

    /** The pods as they were at a version, not to be changed; empty when it is too old. */
    synchronized Optional<NavigableMap<String, ObjectNode>> at(long earlier) {
        if (earlier < oldest) {
            return Optional.empty();
        }
        if (earlier > version) {
            return Optional.of(stateAt(earlier));
        }
        if (lastAsked == null || lastAsked.version() != earlier) {
            lastAsked = new State(earlier, stateAt(earlier));
        }
        return Optional.of(lastAsked.pods());
    }

    private NavigableMap<String, ObjectNode> stateAt(long earlier) {
        NavigableMap<String, ObjectNode> state = new TreeMap<>(pods);
        Iterator<Change> backwards = history.descendingIterator();
        while (backwards.hasNext()) {
            Change change = backwards.next();
            if (change.version() <= earlier) {
                break;
            }
            if (change.before() == null) {
                state.remove(change.key());
            } else {
                state.put(change.key(), change.before());
            }
        }
        return Collections.unmodifiableNavigableMap(state);
    }

    /** Hands a watch every change since its version, and from now on; false if that version is too old. */
    synchronized boolean open(KubernetesWatch watch) {
        if (watch.from() < oldest) {
            return false;
        }
        history.forEach(watch::accept);
        watches.add(watch);
        return true;
    }

    /** Hands a watch every pod as if just created, and every change from now on. */
    synchronized void openWithPresentState(KubernetesWatch watch) {
        pods.forEach((key, pod) -> watch.accept(new Change(version, key, null, pod)));
        watch.signal(new KubernetesWatch.Signal.Line(version, ""));
        watches.add(watch);
    }

    synchronized void close(KubernetesWatch watch) {
        watches.remove(watch);
    }

    synchronized int openWatches() {
        return watches.size();
    }

    synchronized void forEachWatch(Consumer<KubernetesWatch> action) {
        watches.forEach(action);
    }

    /** Gives every watch a last signal, and no change any more. */
    synchronized void closeAll(KubernetesWatch.Signal signal) {
        watches.forEach(watch -> watch.signal(signal));
        watches.clear();
    }

    synchronized void forgetHistory() {
        history.clear();
        oldest = version;
        lastAsked = null;
    }

    /** Keeps this state; what is returned puts it back. */
    synchronized Runnable snapshot() {
        NavigableMap<String, ObjectNode> keptPods = new TreeMap<>(pods);
        long keptVersion = version;
        return () -> restore(keptPods, keptVersion);
    }

    private synchronized void restore(NavigableMap<String, ObjectNode> keptPods, long keptVersion) {
        pods = new TreeMap<>(keptPods);
        version = keptVersion;
        forgetHistory();
    }
}
