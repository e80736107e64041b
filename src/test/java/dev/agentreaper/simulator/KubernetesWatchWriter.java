package dev.agentreaper.simulator;

import dev.agentreaper.simulator.KubernetesWatch.Signal;
import dev.agentreaper.simulator.LoopbackHttpServer.Connection;
import dev.agentreaper.simulator.LoopbackHttpServer.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/** Writes the answer to a watch for as long as it lasts. */
final class KubernetesWatchWriter {
    private static final long BOOKMARK_INTERVAL = Duration.ofMinutes(1).toNanos();

    private final KubernetesPodStore store;
    private volatile Consumer<String> leftWritten = pod -> {};

    KubernetesWatchWriter(KubernetesPodStore store) {
        this.store = store;
    }

    /** Calls back as soon as the line that says that a pod is DELETED is written, with its {@code namespace/name}. */
    void onLeftWritten(Consumer<String> listener) {
        leftWritten = listener;
    }

    void write(Request request, Connection connection) throws IOException, InterruptedException {
        long from = Long.parseLong(request.query().getOrDefault("resourceVersion", "0"));
        KubernetesWatch watch = new KubernetesWatch(KubernetesSimulatedApi.selection(request), from);
        try {
            boolean known = open(watch);
            connection.startStream(KubernetesSimulatedApi.JSON, () -> watch.signal(new Signal.Cut()));
            if (known) {
                follow(watch, request, connection);
            } else {
                connection.sendChunk(KubernetesJson.expired(from, store.oldest()));
                connection.endStream();
            }
        } finally {
            store.close(watch);
        }
    }

    private boolean open(KubernetesWatch watch) {
        if (watch.from() == 0) {
            store.openWithPresentState(watch);
            return true;
        }
        return store.open(watch);
    }

    private void follow(KubernetesWatch watch, Request request, Connection connection)
            throws IOException, InterruptedException {
        boolean bookmarks =
                request.query().getOrDefault("allowWatchBookmarks", "false").equals("true");
        long seconds = Long.parseLong(request.query().getOrDefault("timeoutSeconds", "1800"));
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        long nextBookmark = System.nanoTime() + BOOKMARK_INTERVAL;
        long version = watch.from();
        while (true) {
            switch (watch.poll(Math.min(end, nextBookmark) - System.nanoTime())) {
                case null -> {
                    if (bookmarks) {
                        connection.sendChunk(KubernetesJson.bookmark(version));
                    }
                    if (System.nanoTime() >= end) {
                        connection.endStream();
                        return;
                    }
                    nextBookmark += BOOKMARK_INTERVAL;
                }
                case Signal.Line line -> {
                    version = Math.max(version, line.version());
                    if (!line.text().isEmpty()) {
                        connection.sendChunk(line.text());
                    }
                    if (!line.left().isEmpty()) {
                        leftWritten.accept(line.left());
                    }
                }
                case Signal.End _ -> {
                    connection.endStream();
                    return;
                }
                case Signal.Cut _ -> {
                    connection.cut();
                    return;
                }
                case Signal.Silence _ -> {
                    awaitCut(watch);
                    return;
                }
            }
        }
    }

    private static void awaitCut(KubernetesWatch watch) throws InterruptedException {
        while (!(watch.poll(BOOKMARK_INTERVAL) instanceof Signal.Cut)) {
            // A line that came before the silence was not written either.
        }
    }
}
