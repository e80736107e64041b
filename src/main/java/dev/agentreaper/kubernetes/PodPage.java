package dev.agentreaper.kubernetes;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.agentreaper.network.UnreadableAnswerException;
import java.io.IOException;
import java.util.function.Consumer;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * What one page of a list of pods says besides its pods.
 *
 * @param next the token of the page after it; null on the last
 */
record PodPage(String resourceVersion, @Nullable String next) {
    /** Many times what is asked for. */
    private static final int PODS_AT_MOST = 10_000;

    /**
     * Reads a page. Each pod is given away as soon as it is read, so that no more than one of them is held.
     *
     * @throws IOException if it is cut short, or is no list of pods: then what {@code each} saw is none
     */
    static PodPage read(Response answer, Consumer<PodFacts> each) throws IOException {
        PodBody body = new PodBody(answer);
        JsonReader json = body.json();
        var list = new Object() {
            String resourceVersion = "";

            @Nullable
            String next;

            boolean isPods;
            boolean hasItems;
            int pods;
        };
        json.beginObject();
        while (json.hasNext()) {
            switch (json.nextName()) {
                case "kind" -> list.isPods = "PodList".equals(Json.string(json));
                case "metadata" ->
                    Json.object(json, (name, value) -> {
                        switch (name) {
                            case "resourceVersion" -> list.resourceVersion = Json.stringOrEmpty(value);
                            case "continue" -> list.next = next(value);
                            default -> value.skipValue();
                        }
                    });
                case "items" -> {
                    // An empty list may be null; anything else says nothing of what pods there are.
                    list.hasItems = json.peek() == JsonToken.BEGIN_ARRAY || json.peek() == JsonToken.NULL;
                    Json.array(json, item -> {
                        body.nextPod();
                        if (list.pods++ == PODS_AT_MOST) {
                            throw new UnreadableAnswerException(
                                    "the list has more than %d pods on a page".formatted(PODS_AT_MOST));
                        }
                        each.accept(PodReader.read(item));
                    });
                }
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (!list.isPods || !list.hasItems || list.resourceVersion.isEmpty()) {
            throw new UnreadableAnswerException("the answer is not a list of pods");
        }
        return new PodPage(list.resourceVersion, list.next);
    }

    private static @Nullable String next(JsonReader json) throws IOException {
        if (json.peek() != JsonToken.STRING && json.peek() != JsonToken.NULL) {
            throw new UnreadableAnswerException("the list does not say how it goes on");
        }
        String token = Json.string(json);
        return token == null || token.isEmpty() ? null : token;
    }
}
