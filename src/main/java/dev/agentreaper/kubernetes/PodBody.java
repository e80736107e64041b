package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonReader;
import dev.agentreaper.network.BoundedBody;
import java.io.InputStreamReader;
import okhttp3.Response;

/** The body of an answer that holds pods. None of them is read that is longer than a pod may be. */
final class PodBody {
    /** In bytes. The API server takes no request of more than 3 MB, and etcd as a rule no object of more than 1.5 MB. */
    private static final long POD_AT_MOST = 8_000_000;

    private final BoundedBody bytes;
    private final JsonReader json;

    PodBody(Response answer) {
        bytes = new BoundedBody(answer.body().byteStream(), POD_AT_MOST);
        // Which is in UTF-8 whatever a header says.
        json = new JsonReader(new InputStreamReader(bytes, UTF_8));
    }

    JsonReader json() {
        return json;
    }

    /** The next pod begins. */
    void nextPod() {
        bytes.renew();
    }
}
