package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.simulator.LoopbackHttpServer.Connection;
import dev.agentreaper.simulator.LoopbackHttpServer.Request;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The answers to lists of pods, to requests for one pod, and to SelfSubjectAccessReviews. */
final class KubernetesSimulatedApi {
    static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private static final Pattern PODS =
            Pattern.compile("/api/v1/(?:pods|namespaces/(?<namespace>[^/]+)/pods(?:/(?<name>[^/]+))?)");
    private static final String ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    private static final Set<String> PARAMETERS = Set.of(
            "allowWatchBookmarks",
            "continue",
            "labelSelector",
            "limit",
            "pretty",
            "resourceVersion",
            "timeoutSeconds",
            "watch");
    private static final String PRESENT = "present";

    private final KubernetesPodStore store;

    KubernetesSimulatedApi(KubernetesPodStore store) {
        this.store = store;
    }

    /** A status and a body. */
    record Answer(int status, JsonNode body) {
        static Answer failure(int code, String reason, String message) {
            return failure(KubernetesJson.status(code, reason, message));
        }

        private static Answer failure(ObjectNode status) {
            return new Answer(status.path("code").asInt(), status);
        }

        Response response() {
            return new Response(status, JSON, body.toString());
        }

        void send(Connection connection) throws IOException {
            connection.send(response());
        }
    }

    static KubernetesOperation operationOf(Request request) {
        Matcher pods = PODS.matcher(request.path());
        if (request.method().equals("POST") && request.path().equals(ACCESS_REVIEWS)) {
            return KubernetesOperation.ACCESS_REVIEW;
        }
        if (!request.method().equals("GET") || !pods.matches()) {
            return KubernetesOperation.OTHER;
        }
        if (pods.group("name") != null) {
            return KubernetesOperation.GET;
        }
        if (Set.of("true", "1").contains(request.query().getOrDefault("watch", "false"))) {
            return KubernetesOperation.WATCH;
        }
        return request.query().containsKey("continue") ? KubernetesOperation.LIST_CONTINUE : KubernetesOperation.LIST;
    }

    /** Refuses what would otherwise be overlooked: a test must not pass because a parameter had no effect. */
    static void requireKnownParameters(Request request) {
        for (String parameter : request.query().keySet()) {
            if (!PARAMETERS.contains(parameter)) {
                throw new IllegalArgumentException("The simulator does not know " + parameter);
            }
        }
    }

    /** The pods that a list or watch asks for, by namespace and labels. */
    static Predicate<ObjectNode> selection(Request request) {
        Matcher pods = PODS.matcher(request.path());
        String namespace = pods.matches() ? pods.group("namespace") : null;
        Predicate<JsonNode> labels =
                KubernetesLabelSelector.parse(request.query().getOrDefault("labelSelector", ""));
        return pod -> labels.test(pod.at("/metadata/labels"))
                && (namespace == null
                        || namespace.equals(pod.at("/metadata/namespace").asText()));
    }

    /**
     * The answer to anything but a watch; lists are of the state at a version.
     *
     * @throws IllegalArgumentException if the request makes no sense
     */
    Answer answer(KubernetesOperation operation, Request request, long version) {
        return switch (operation) {
            case LIST, LIST_CONTINUE -> list(request, version);
            case GET -> get(request);
            case ACCESS_REVIEW -> review(request);
            case OTHER, WATCH -> Answer.failure(404, "NotFound", "the server could not find the requested resource");
        };
    }

    private Answer get(Request request) {
        String[] path = request.path().split("/", -1);
        String namespace = path[4];
        String name = path[6];
        return store.get(namespace + "/" + name)
                .map(pod -> new Answer(200, KubernetesJson.withKind(pod)))
                .orElseGet(() -> Answer.failure(KubernetesJson.notFound(name)));
    }

    private static Answer review(Request request) {
        ObjectNode review = KubernetesApiClient.parse(request.body()).deepCopy();
        review.putObject("status").put("allowed", true);
        return new Answer(201, review);
    }

    private Answer list(Request request, long present) {
        long requested = Long.parseLong(request.query().getOrDefault("resourceVersion", "0"));
        if (requested > present) {
            return Answer.failure(KubernetesJson.tooLargeResourceVersion(requested, present));
        }
        String token = request.query().get("continue");
        if (token == null) {
            return page(request, present, "");
        }
        String[] position = new String(Base64.getUrlDecoder().decode(token), UTF_8).split(" ", 2);
        return page(request, position[0].equals(PRESENT) ? present : Long.parseLong(position[0]), position[1]);
    }

    private Answer page(Request request, long version, String after) {
        Optional<NavigableMap<String, ObjectNode>> state = store.at(version);
        if (state.isEmpty()) {
            return tooOld(after);
        }
        Predicate<ObjectNode> selection = selection(request);
        boolean labelled = request.query().containsKey("labelSelector");
        int limit = Integer.parseInt(request.query().getOrDefault("limit", "0"));
        // Of what follows no more is looked at than tells whether there is any: a list of n pods must not cost n² of
        // them.
        List<Map.Entry<String, ObjectNode>> rest = state.get().tailMap(after, false).entrySet().stream()
                .filter(entry -> selection.test(entry.getValue()))
                .limit(limit > 0 && labelled ? limit + 1L : Long.MAX_VALUE)
                .toList();
        int size = limit > 0 ? Math.min(limit, rest.size()) : rest.size();

        ObjectNode list = KubernetesJson.object().put("kind", "PodList").put("apiVersion", "v1");
        ObjectNode metadata = list.putObject("metadata").put("resourceVersion", Long.toString(version));
        ArrayNode items = list.putArray("items");
        rest.subList(0, size).forEach(entry -> items.add(entry.getValue()));
        if (size < rest.size()) {
            metadata.put(
                    "continue", token(Long.toString(version), rest.get(size - 1).getKey()));
            if (!labelled) {
                metadata.put("remainingItemCount", rest.size() - size);
            }
        }
        return new Answer(200, list);
    }

    /** As the API server does, it offers a token for the rest as it is now, which may not fit the pages before. */
    private static Answer tooOld(String after) {
        ObjectNode status = KubernetesJson.status(
                410,
                "Expired",
                "The provided continue parameter is too old to display a consistent list result. You can start a new"
                        + " list without the continue parameter, or use the continue token in this response to"
                        + " retrieve the remainder of the results.");
        status.withObject("/metadata").put("continue", token(PRESENT, after));
        return Answer.failure(status);
    }

    private static String token(String version, String after) {
        return Base64.getUrlEncoder().encodeToString((version + " " + after).getBytes(UTF_8));
    }
}
