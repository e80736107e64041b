package dev.agentreaper.kubernetes;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The events of one watch, as they come. */
public final class PodStream implements AutoCloseable {
    private final Response response;
    private final JsonReader json;

    PodStream(Response response) {
        this.response = response;
        this.json = PodDecoder.json(response);
        // Not for sloppy JSON: it is how this reader is told that one value follows another.
        json.setStrictness(Strictness.LENIENT);
    }

    /**
     * Waits for the next event.
     *
     * @return null when the server has ended the watch, which is normal
     * @throws KubernetesException where the server ends it with an error: {@code isExpired} for 410
     * @throws IOException when the connection is lost, or what comes is no event
     */
    public @Nullable PodEvent next() throws IOException {
        try {
            return json.peek() == JsonToken.END_DOCUMENT ? null : event();
        } catch (IllegalStateException | NumberFormatException e) {
            throw new IOException("the watch sent what is no event: " + e.getMessage(), e);
        }
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
                case "type" -> event.type = String.valueOf(Json.string(json));
                case "object" ->
                    Json.object(json, (field, value) -> {
                        switch (field) {
                            case "kind" -> event.kind = String.valueOf(Json.string(value));
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
            case "ADDED", "MODIFIED" -> new PodEvent.Changed(pod.pod(), pod.resourceVersion());
            case "DELETED" -> new PodEvent.Left(pod.pod(), pod.resourceVersion());
            case "BOOKMARK" -> new PodEvent.Bookmark(pod.resourceVersion());
            default -> new PodEvent.Unknown();
        };
    }

    @Override
    public void close() {
        response.close();
    }
}
