package dev.agentreaper.simulator;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A watch that a test holds open, and all that came of it. */
final class KubernetesTestWatch {
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final HttpResponse<Stream<String>> response;
    private final CompletableFuture<Void> end;

    /** Returns when the server has begun to answer. */
    KubernetesTestWatch(KubernetesApiClient client, String path) {
        try {
            response = client.http().send(client.request(path).build(), BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
        end = CompletableFuture.runAsync(
                () -> response.body().forEach(line -> events.add(KubernetesApiClient.parse(line))),
                Thread::startVirtualThread);
    }

    int status() {
        return response.statusCode();
    }

    /** What came, each as {@code TYPE name}; bookmarks left out. */
    List<String> seen() {
        return events.stream()
                .filter(event -> !event.path("type").asText().equals("BOOKMARK"))
                .map(event -> event.path("type").asText() + " "
                        + event.at("/object/metadata/name").asText())
                .toList();
    }

    /** Waits until exactly these have come. */
    void awaitSeen(String... expected) {
        await().until(this::seen, List.of(expected)::equals);
    }

    JsonNode awaitEvent(int index) {
        await().until(() -> events.size() > index);
        return events.get(index);
    }

    boolean isOpen() {
        return !end.isDone();
    }

    /** Waits for the end, which is exceptional unless the answer was complete. */
    CompletableFuture<Void> awaitEnd() {
        await().until(end::isDone);
        return end;
    }
}
