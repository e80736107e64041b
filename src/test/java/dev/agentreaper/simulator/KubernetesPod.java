package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A pod to be created: a builder that starts with one container, {@code agent}, and nothing else. */
public final class KubernetesPod {
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();
    private final ObjectNode metadata = body.putObject("metadata");
    private final ObjectNode spec = body.putObject("spec");
    private ObjectNode container;

    private KubernetesPod(String namespace, String name) {
        body.put("apiVersion", "v1").put("kind", "Pod");
        metadata.put("namespace", namespace).put("name", name);
        container = addContainer("agent");
    }

    public static KubernetesPod of(String namespace, String name) {
        return new KubernetesPod(namespace, name);
    }

    public KubernetesPod label(String key, String value) {
        metadata.withObject("/labels").put(key, value);
        return this;
    }

    public KubernetesPod annotation(String key, String value) {
        metadata.withObject("/annotations").put(key, value);
        return this;
    }

    /** Adds a container; environment variables that follow are its own. */
    public KubernetesPod container(String name) {
        container = addContainer(name);
        return this;
    }

    public KubernetesPod env(String name, String value) {
        addEnv(name).put("value", value);
        return this;
    }

    public KubernetesPod envFromField(String name, String fieldPath) {
        addEnv(name).withObject("/valueFrom/fieldRef").put("fieldPath", fieldPath);
        return this;
    }

    public KubernetesPod envFromSecret(String name, String secret, String key) {
        addEnv(name).withObject("/valueFrom/secretKeyRef").put("name", secret).put("key", key);
        return this;
    }

    public KubernetesPod hostname(String hostname) {
        spec.put("hostname", hostname);
        return this;
    }

    public KubernetesPod subdomain(String subdomain) {
        spec.put("subdomain", subdomain);
        return this;
    }

    public KubernetesPod hostNetwork() {
        spec.put("hostNetwork", true);
        return this;
    }

    /** Binds the pod to a node, which need not exist. */
    public KubernetesPod node(String nodeName) {
        spec.put("nodeName", nodeName);
        return this;
    }

    public String namespace() {
        return metadata.path("namespace").asText();
    }

    public String name() {
        return metadata.path("name").asText();
    }

    public String json() {
        return body.toString();
    }

    private ObjectNode addContainer(String name) {
        return spec.withArray("/containers").addObject().put("name", name).put("image", "example.invalid/" + name);
    }

    private ObjectNode addEnv(String name) {
        return container.withArray("/env").addObject().put("name", name);
    }
}
