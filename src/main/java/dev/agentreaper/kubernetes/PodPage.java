package dev.agentreaper.kubernetes;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list of pods.
 *
 * @param next the token of the page after it; null on the last
 */
record PodPage(
        List<PodFacts> pods,
        String resourceVersion,
        @Nullable String next) {
    /** Many times what is asked for. */
    private static final int PODS_AT_MOST = 10_000;

    /** @throws IOException if it is cut short, or is no list of pods */
    static PodPage read(Response answer) throws IOException {
        PodBody body = new PodBody(answer);
        JsonReader json = body.json();
        var list = new Object() {
            String resourceVersion = "";

            @Nullable
            String next;

            boolean isPods;
            boolean hasItems;
        };
        List<PodFacts> pods = new ArrayList<>();
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
                        if (pods.size() == PODS_AT_MOST) {
                            throw new UnreadableAnswerException(
                                    "the list has more than %d pods on a page".formatted(PODS_AT_MOST));
                        }
                        pods.add(PodReader.read(item));
                    });
                }
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (!list.isPods || !list.hasItems || list.resourceVersion.isEmpty()) {
            throw new UnreadableAnswerException("the answer is not a list of pods");
        }
        return new PodPage(pods, list.resourceVersion, list.next);
    }

    private static @Nullable String next(JsonReader json) throws IOException {
        if (json.peek() != JsonToken.STRING && json.peek() != JsonToken.NULL) {
            throw new UnreadableAnswerException("the list does not say how it goes on");
        }
        String token = Json.string(json);
        return token == null || token.isEmpty() ? null : token;
    }
}
