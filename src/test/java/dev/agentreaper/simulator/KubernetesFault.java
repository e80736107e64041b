package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;

/** What may go wrong with a request to a {@link KubernetesSimulator}. */
public sealed interface KubernetesFault {
    /** Another answer than asked for. */
    record Answer(int status, Map<String, String> headers, String body) implements KubernetesFault {}

    /** An answer without end: the last text comes again and again. */
    record Endless(int status, String begin, String forEver) implements KubernetesFault {}

    /** The right answer, but late. */
    record Delay(Duration duration) implements KubernetesFault {}

    /** A list or pod whose body breaks off in the middle. */
    record HalfBody() implements KubernetesFault {}

    /** No answer at all, on a connection that stays open. */
    record Silence() implements KubernetesFault {}

    /** No answer, and the connection is reset. */
    record Cut() implements KubernetesFault {}

    /** A list as it was at an earlier {@link KubernetesSimulator#resourceVersion version}. */
    record Stale(long resourceVersion) implements KubernetesFault {}

    /** A failure in the API server's own words. */
    static KubernetesFault status(int code, String reason, String message) {
        return answer(KubernetesJson.status(code, reason, message));
    }

    static KubernetesFault unauthorized() {
        return status(401, "Unauthorized", "Unauthorized");
    }

    static KubernetesFault forbidden() {
        return status(403, "Forbidden", "pods is forbidden: User \"test\" cannot do this to resource \"pods\"");
    }

    /** 410, as for a version or a page token that is too old. */
    static KubernetesFault expired() {
        return status(410, "Expired", "The resourceVersion for the provided list is too old.");
    }

    /** 429 that asks for a second's pause. */
    static KubernetesFault tooManyRequests() {
        ObjectNode status = KubernetesJson.status(429, "TooManyRequests", "Too many requests, please try again later.");
        return new Answer(429, Map.of("Content-Type", "application/json", "Retry-After", "1"), status.toString());
    }

    static KubernetesFault internalError() {
        return status(500, "InternalError", "Internal error occurred");
    }

    /** 504, as for a version that the server has not reached yet. */
    static KubernetesFault tooLargeResourceVersion() {
        return answer(KubernetesJson.tooLargeResourceVersion(2000, 1000));
    }

    /** The 404 for a pod of this name, whether or not there is one. */
    static KubernetesFault notFound(String pod) {
        return answer(KubernetesJson.notFound(pod));
    }

    /** A 404 that comes from a proxy on the way, and says nothing about any pod. */
    static KubernetesFault htmlNotFound() {
        return new Answer(404, Map.of("Content-Type", "text/html"), "<html><body>404 Not Found</body></html>");
    }

    private static KubernetesFault answer(ObjectNode status) {
        return new Answer(status.path("code").asInt(), Map.of("Content-Type", "application/json"), status.toString());
    }
}
