package dev.agentreaper.simulator;

import java.util.Map;

/**
 * A request that a {@link KubernetesSimulator} received; the names of its headers ignore case.
 *
 * @param received by {@link System#nanoTime}
 */
public record KubernetesRequest(
        long received,
        KubernetesOperation operation,
        String path,
        Map<String, String> query,
        Map<String, String> headers) {}
