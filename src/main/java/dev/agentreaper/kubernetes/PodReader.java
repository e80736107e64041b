package dev.agentreaper.kubernetes;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.network.UnreadableAnswerException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the few fields of a pod that we need as its JSON streams by. Whatever else is there is skipped, and a field of an
 * unexpected type counts as absent, so that pods of any Kubernetes version can be read: the client's own models refuse
 * every field that they do not know.
 */
final class PodReader {
    private @Nullable String namespace;
    private @Nullable String name;
    private String uid = "";
    private String resourceVersion = "";
    private @Nullable Instant deletionTimestamp;
    private Map<String, String> labels = Map.of();
    private Map<String, String> annotations = Map.of();
    private @Nullable String nodeName;
    private @Nullable String hostname;
    private @Nullable String hostnameOverride;
    private @Nullable String subdomain;
    private @Nullable String serviceAccountName;
    private boolean hostNetwork;
    private boolean setHostnameAsFqdn;
    private List<PodFacts.Container> containers = List.of();
    private @Nullable String phase;
    private @Nullable Instant startTime;
    private @Nullable String hostIp;
    private @Nullable String podIp;

    /**
     * Reads a whole pod.
     *
     * @throws IOException if it has no namespace or no name: then it is none
     */
    static PodFacts read(JsonReader json) throws IOException {
        PodReader pod = new PodReader();
        Json.object(json, pod::field);
        return pod.pod();
    }

    /** Reads the value of one field of a pod's object; the reader stands before it. */
    void field(String field, JsonReader json) throws IOException {
        switch (field) {
            case "metadata" -> Json.object(json, this::metadata);
            case "spec" -> Json.object(json, this::spec);
            case "status" -> Json.object(json, this::status);
            default -> json.skipValue();
        }
    }

    /** What was read; a pod without a namespace or a name is none. */
    PodFacts pod() throws IOException {
        if (namespace == null || name == null) {
            throw new UnreadableAnswerException("a pod without a namespace or a name");
        }
        return new PodFacts(
                new PodKey(namespace, name),
                uid,
                new PodFacts.Metadata(labels, annotations, deletionTimestamp),
                new PodFacts.Spec(
                        nodeName,
                        hostname,
                        hostnameOverride,
                        subdomain,
                        serviceAccountName,
                        hostNetwork,
                        setHostnameAsFqdn,
                        containers),
                new PodFacts.Status(phase, startTime, hostIp, podIp));
    }

    /** That of the object; empty where it has none. */
    String resourceVersion() {
        return resourceVersion;
    }

    private void metadata(String field, JsonReader json) throws IOException {
        switch (field) {
            case "namespace" -> namespace = Json.string(json);
            case "name" -> name = Json.string(json);
            case "uid" -> uid = Json.stringOrEmpty(json);
            case "resourceVersion" -> resourceVersion = Json.stringOrEmpty(json);
            case "deletionTimestamp" -> deletionTimestamp = instant(json);
            case "labels" -> labels = strings(json);
            case "annotations" -> annotations = strings(json);
            default -> json.skipValue();
        }
    }

    private void spec(String field, JsonReader json) throws IOException {
        switch (field) {
            case "nodeName" -> nodeName = emptyAsAbsent(Json.string(json));
            case "hostname" -> hostname = emptyAsAbsent(Json.string(json));
            case "hostnameOverride" -> hostnameOverride = emptyAsAbsent(Json.string(json));
            case "subdomain" -> subdomain = emptyAsAbsent(Json.string(json));
            case "serviceAccountName" -> serviceAccountName = emptyAsAbsent(Json.string(json));
            case "hostNetwork" -> hostNetwork = Json.isTrue(json);
            case "setHostnameAsFQDN" -> setHostnameAsFqdn = Json.isTrue(json);
            case "containers" -> {
                containers = new ArrayList<>();
                Json.array(json, element -> {
                    List<PodFacts.EnvVar> env = new ArrayList<>();
                    Json.object(element, (inContainer, value) -> {
                        if (inContainer.equals("env")) {
                            Json.array(value, variable -> addVariable(env, variable));
                        } else {
                            value.skipValue();
                        }
                    });
                    containers.add(new PodFacts.Container(env));
                });
            }
            default -> json.skipValue();
        }
    }

    private void status(String field, JsonReader json) throws IOException {
        switch (field) {
            case "phase" -> phase = Json.string(json);
            case "startTime" -> startTime = instant(json);
            case "hostIP" -> hostIp = emptyAsAbsent(Json.string(json));
            case "podIP" -> podIp = emptyAsAbsent(Json.string(json));
            default -> json.skipValue();
        }
    }

    private static void addVariable(List<PodFacts.EnvVar> env, JsonReader json) throws IOException {
        var variable = new Object() {
            @Nullable
            String name;

            @Nullable
            String value;

            @Nullable
            String fieldPath;

            boolean elsewhere;
        };
        Json.object(json, (field, value) -> {
            switch (field) {
                case "name" -> variable.name = Json.string(value);
                case "value" -> variable.value = Json.string(value);
                case "valueFrom" ->
                    Json.object(value, (source, reference) -> {
                        if (source.equals("fieldRef")) {
                            Json.object(reference, (key, path) -> {
                                if (key.equals("fieldPath")) {
                                    variable.fieldPath = Json.string(path);
                                } else {
                                    path.skipValue();
                                }
                            });
                        } else {
                            variable.elsewhere |= reference.peek() != JsonToken.NULL;
                            reference.skipValue();
                        }
                    });
                default -> value.skipValue();
            }
        });
        if (variable.name != null) {
            env.add(new PodFacts.EnvVar(variable.name, variable.value, variable.fieldPath, variable.elsewhere));
        }
    }

    private static Map<String, String> strings(JsonReader json) throws IOException {
        Map<String, String> strings = new HashMap<>();
        Json.object(json, (key, value) -> {
            String string = Json.string(value);
            if (string != null) {
                strings.put(key, string);
            }
        });
        return strings;
    }

    private static @Nullable Instant instant(JsonReader json) throws IOException {
        String text = Json.string(json);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable String emptyAsAbsent(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }
}
