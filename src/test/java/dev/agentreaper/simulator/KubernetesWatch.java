package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.simulator.KubernetesPodStore.Change;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An open watch: turns changes into what its selector makes of them, and queues them for the thread that writes. Its
 * methods are called under the store's lock, but for {@link #poll} and {@link #signal}.
 */
final class KubernetesWatch {
    private final Predicate<ObjectNode> selector;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final long from;
    private String lastText = "";

    /** A watch of the pods that the selector accepts, for the changes after a version, which may be a future one. */
    KubernetesWatch(Predicate<ObjectNode> selector, long from) {
        this.selector = selector;
        this.from = from;
    }

    /** What the writing thread has to do next. */
    sealed interface Signal {
        /**
         * To write a text, if it is not empty; after it the client knows all changes up to this version.
         *
         * @param left the pod, as {@code namespace/name}, that the line says is DELETED; empty for every other line
         */
        record Line(long version, String text, String left) implements Signal {
            Line(long version, String text) {
                this(version, text, "");
            }
        }

        /** To end the answer as the server does when its time is over. */
        record End() implements Signal {}

        /** To reset the connection, unless the client has closed it. */
        record Cut() implements Signal {}

        /** To write nothing more, but leave the connection open. */
        record Silence() implements Signal {}
    }

    long from() {
        return from;
    }

    void accept(Change change) {
        if (change.version() > from) {
            signals.add(
                    new Signal.Line(change.version(), remember(textOf(change)), leaves(change) ? change.key() : ""));
        }
    }

    /** Writes a line of the test's own. */
    void tell(String text) {
        signals.add(new Signal.Line(0, remember(text)));
    }

    /** Writes the last line once more. */
    void repeat() {
        signals.add(new Signal.Line(0, lastText));
    }

    void signal(Signal signal) {
        signals.add(signal);
    }

    /** The next signal, or null when there is none in time. */
    @Nullable
    Signal poll(long nanoseconds) throws InterruptedException {
        return signals.poll(nanoseconds, TimeUnit.NANOSECONDS);
    }

    private String remember(String text) {
        if (!text.isEmpty()) {
            lastText = text;
        }
        return text;
    }

    /** As the API server does it: a pod that leaves the selection is DELETED, one that enters it ADDED. */
    private String textOf(Change change) {
        ObjectNode before = selected(change.before());
        ObjectNode after = selected(change.after());
        if (after != null) {
            return KubernetesJson.event(before == null ? "ADDED" : "MODIFIED", KubernetesJson.withKind(after));
        }
        if (before == null) {
            return "";
        }
        ObjectNode last = before.deepCopy();
        last.withObject("/metadata").put("resourceVersion", Long.toString(change.version()));
        return KubernetesJson.event("DELETED", KubernetesJson.withKind(last));
    }

    private boolean leaves(Change change) {
        return selected(change.before()) != null && selected(change.after()) == null;
    }

    private @Nullable ObjectNode selected(@Nullable ObjectNode pod) {
        return pod != null && selector.test(pod) ? pod : null;
    }
}
