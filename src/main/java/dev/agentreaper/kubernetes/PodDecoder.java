package dev.agentreaper.kubernetes;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Decodes the answers that hold pods. */
final class PodDecoder {
    private PodDecoder() {}

    static JsonReader json(Response response) {
        return new JsonReader(response.body().charStream());
    }

    /** @throws IOException if it is cut short, or is no list of pods */
    static PodPage page(JsonReader json) throws IOException {
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
                    Json.array(json, item -> pods.add(pod(item)));
                }
                default -> json.skipValue();
            }
        }
        json.endObject();
        if (!list.isPods || !list.hasItems || list.resourceVersion.isEmpty()) {
            throw new IOException("the answer is not a list of pods");
        }
        return new PodPage(pods, list.resourceVersion, list.next == null || list.next.isEmpty() ? null : list.next);
    }

    private static @Nullable String next(JsonReader json) throws IOException {
        if (json.peek() != JsonToken.STRING && json.peek() != JsonToken.NULL) {
            throw new IOException("the list does not say how it goes on");
        }
        return Json.string(json);
    }

    static PodFacts pod(JsonReader json) throws IOException {
        PodReader pod = new PodReader();
        Json.object(json, pod::field);
        return pod.pod();
    }
}
