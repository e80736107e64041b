package dev.agentreaper.kubernetes;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.agentreaper.network.UnreadableAnswerException;
import java.io.IOException;
import java.util.function.Function;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The events of one watch, as they come. */
public final class PodStream implements AutoCloseable {
    private final Response response;
    private final PodBody body;
    private final JsonReader json;
    private final Function<Exception, KubernetesException> failure;
    private boolean begun;

    /** @param failure what to tell of a failure */
    PodStream(Response response, Function<Exception, KubernetesException> failure) {
        this.failure = failure;
        this.response = response;
        this.body = new PodBody(response);
        this.json = body.json();
        // Not for sloppy JSON: it is how this reader is told that one value follows another.
        json.setStrictness(Strictness.LENIENT);
    }

    /**
     * Waits for the next event.
     *
     * @return null when the server has ended the watch, which is normal
     * @throws KubernetesException where the server ends it with an error ({@code isExpired} for 410), the connection is lost,
     *     or what comes is no event
     */
    public @Nullable PodEvent next() throws KubernetesException {
        try {
            return isOver() ? null : event();
        } catch (IllegalStateException | NumberFormatException e) {
            throw failure.apply(new UnreadableAnswerException("the watch sent what is no event: " + e.getMessage()));
        } catch (IOException e) {
            throw failure.apply(e);
        }
    }

    /** The reader takes an end before anything else for an error, but a watch in which nothing happened is none. */
    private boolean isOver() throws IOException {
        if (!begun && response.body().source().exhausted()) {
            return true;
        }
        begun = true;
        body.nextPod();
        return json.peek() == JsonToken.END_DOCUMENT;
    }

    private PodEvent event() throws IOException {
        PodReader pod = new PodReader();
        var event = new Object() {
            String type = "";
            String kind = "Pod";
        };
        ErrorStatus status = new ErrorStatus();
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "type" -> event.type = Json.stringOrEmpty(json);
                case "object" ->
                    Json.object(json, (field, value) -> {
                        switch (field) {
                            case "kind" -> event.kind = Json.stringOrEmpty(value);
                            case "code", "message", "reason" -> status.field(field, value);
                            default -> pod.field(field, value);
                        }
                    });
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (event.type.equals("ERROR")) {
            throw status.failure(status.code(), "the watch");
        }
        if (!event.kind.equals("Pod")) {
            return new PodEvent.Unknown();
        }
        return switch (event.type) {
            case "ADDED", "MODIFIED" -> new PodEvent.Changed(pod.pod(), reached(pod));
            case "DELETED" -> new PodEvent.Left(pod.pod(), reached(pod));
            case "BOOKMARK" -> new PodEvent.Bookmark(reached(pod));
            default -> new PodEvent.Unknown();
        };
    }

    private static String reached(PodReader pod) throws IOException {
        if (pod.resourceVersion().isEmpty()) {
            throw new UnreadableAnswerException("the watch sent an event without a resourceVersion");
        }
        return pod.resourceVersion();
    }

    @Override
    public void close() {
        response.close();
    }
}
