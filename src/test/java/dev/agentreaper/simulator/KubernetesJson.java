package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The shapes of Kubernetes' answers, for faults and for events of the test's own. */
public final class KubernetesJson {
    private KubernetesJson() {}

    /** A failure, as the API server words it. */
    public static ObjectNode status(int code, String reason, String message) {
        ObjectNode status = object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", "Failure")
                .put("message", message)
                .put("reason", reason)
                .put("code", code);
    }

    /** The 404 for a pod. */
    static ObjectNode notFound(String pod) {
        ObjectNode status = status(404, "NotFound", "pods \"%s\" not found".formatted(pod));
        status.putObject("details").put("name", pod).put("kind", "pods");
        return status;
    }

    /** The 504 for a version that the server has not reached. */
    public static ObjectNode tooLargeResourceVersion(long requested, long current) {
        ObjectNode status =
                status(504, "Timeout", "Too large resource version: %d, current: %d".formatted(requested, current));
        ObjectNode details = status.putObject("details").put("retryAfterSeconds", 1);
        details.putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        return status;
    }

    /** A line of a watch. */
    public static String event(String type, JsonNode object) {
        return object().put("type", type).<ObjectNode>set("object", object) + "\n";
    }

    /** The event that ends a watch whose version is too old. */
    public static String expired(long requested, long oldest) {
        return event("ERROR", status(410, "Expired", "too old resource version: %d (%d)".formatted(requested, oldest)));
    }

    /** A bookmark with the nulls that the API server puts into those of pods. */
    public static String bookmark(long resourceVersion) {
        ObjectNode pod = withKind(object());
        pod.putObject("metadata")
                .put("resourceVersion", Long.toString(resourceVersion))
                .putNull("creationTimestamp");
        pod.putObject("spec").putNull("containers");
        pod.putObject("status");
        return event("BOOKMARK", pod);
    }

    /** An event of a kind that no client of today knows. */
    public static String unknownKind() {
        ObjectNode gadget = object().put("kind", "Gadget").put("apiVersion", "example.com/v1");
        gadget.putObject("metadata").put("name", "gadget-1");
        return event("ADDED", gadget);
    }

    /** Inside a list a pod does not say what it is; alone it does. */
    static ObjectNode withKind(ObjectNode pod) {
        return object().put("kind", "Pod").put("apiVersion", "v1").setAll(pod);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
