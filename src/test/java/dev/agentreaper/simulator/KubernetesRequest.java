package dev.agentreaper.simulator;

import java.util.Map;

/** A request that a {@link KubernetesSimulator} received; the names of its headers ignore case. */
public record KubernetesRequest(
        KubernetesOperation operation, String path, Map<String, String> query, Map<String, String> headers) {}
