package dev.agentreaper.kubernetes;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.agentreaper.health.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Pods for a test, as the API server writes them. */
final class PodJson {
    /** A pod with all the fields that we read, and others as a real one has them. */
    static final String FULL = """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"agent-7d9f-x2x4z","generateName":"agent-7d9f-",\
            "namespace":"ci","uid":"0d6c7b1e-5c3b-4f0a-9d5e-0a6a2f9a2d11","resourceVersion":"123456",\
            "creationTimestamp":"2026-02-03T04:00:00Z","deletionTimestamp":"2026-02-03T04:05:06Z",\
            "deletionGracePeriodSeconds":30,"labels":{"app":"azdevops-agent","pool":"Größe"},\
            "annotations":{"agent":"built-1","json":"{\\"a\\":[1,\\"\\u00e9\\\\n\\"]}"},"ownerReferences":\
            [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"agent-7d9f","controller":true}],\
            "managedFields":[{"manager":"kubelet","fieldsV1":{"f:status":{"f:phase":{},".":{}}}}]},\
            "spec":{"nodeName":"node-1","hostname":"host-1","subdomain":"agents","hostNetwork":false,\
            "setHostnameAsFQDN":false,"serviceAccountName":"ci-agent","restartPolicy":"Always","priority":-1,\
            "containers":[{"name":"proxy","image":"proxy:1","env":[{"name":"A","value":"1"}],"resources":{}},\
            {"name":"agent","image":"agent:1","env":[{"name":"AZP_POOL","value":"linux"},\
            {"name":"AZP_TOKEN","valueFrom":{"secretKeyRef":{"name":"azp","key":"token"}}},\
            {"name":"POD","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"metadata.name"}}},\
            {"name":"AZP_AGENT_NAME","value":"ci-$(POD)"}]}],"tolerations":[{"tolerationSeconds":1e2}]},\
            "status":{"phase":"Running","startTime":"2026-02-03T04:00:01Z","hostIP":"10.0.0.1",\
            "podIP":"10.1.0.1","podIPs":[{"ip":"10.1.0.1"}],"conditions":[{"type":"Ready","status":"True"}]}}
            """;

    private PodJson() {}

    /** The events of a watch that is answered so. */
    static PodStream events(Response watch) {
        return new PodStream(
                watch,
                failure -> failure instanceof KubernetesException told
                        ? told
                        : new KubernetesException(new Problem("", String.valueOf(failure.getMessage()), ""), failure));
    }

    /** Pods whose agents are named so. */
    static PodSource source(String template) {
        return new PodSource(List.of(""), "app=agent", AgentNameTemplate.parse(template));
    }

    /** Reads a pod, which may be written without quotes around its keys and values. */
    static PodFacts pod(String json) {
        JsonReader reader = new JsonReader(new StringReader(json));
        reader.setStrictness(Strictness.LENIENT);
        try {
            return PodReader.read(reader);
        } catch (IOException e) {
            throw new AssertionError(json, e);
        }
    }

    /** A list with these pods, one after the other. */
    static String list(String... pods) {
        return """
                {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"123457"},"items":[%s]}""".formatted(String.join(",", pods));
    }

    /** An answer of the API server. */
    static Response answer(byte[] body) {
        return new Response.Builder()
                .request(new Request.Builder().url("http://localhost/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .body(ResponseBody.create(body, MediaType.get("application/json")))
                .build();
    }
}
