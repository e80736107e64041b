package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.agentreaper.network.BoundedBody;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Decodes the answers that hold pods. */
final class PodDecoder {
    /** In bytes. The API server takes no request of more than 3 MB, and etcd as a rule no object of more than 1.5 MB. */
    private static final long POD_AT_MOST = 8_000_000;
    /** Of one page; many times what is asked for. */
    private static final int PODS_AT_MOST = 10_000;

    private PodDecoder() {}

    /** The body of an answer. */
    static BoundedBody body(Response response) {
        return new BoundedBody(response.body().byteStream(), POD_AT_MOST);
    }

    /** JSON, which is in UTF-8 whatever a header says. */
    static JsonReader json(BoundedBody body) {
        return new JsonReader(new InputStreamReader(body, UTF_8));
    }

    /** @throws IOException if it is cut short, or is no list of pods */
    static PodPage page(Response response) throws IOException {
        BoundedBody body = body(response);
        JsonReader json = json(body);
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
                        body.renew();
                        if (pods.size() == PODS_AT_MOST) {
                            throw new IOException("the list has more than %d pods on a page".formatted(PODS_AT_MOST));
                        }
                        pods.add(pod(item));
                    });
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

    static PodFacts pod(Response response) throws IOException {
        return pod(json(body(response)));
    }

    static PodFacts pod(JsonReader json) throws IOException {
        PodReader pod = new PodReader();
        Json.object(json, pod::field);
        return pod.pod();
    }
}
