package dev.agentreaper.kubernetes;

/**
 * The pods that one list or watch covers.
 *
 * @param namespace the namespace; empty for all
 * @param selector a label selector
 */
public record PodScope(String namespace, String selector) {
    @Override
    public String toString() {
        return "pods %s in %s".formatted(selector, namespace.isEmpty() ? "all namespaces" : "namespace " + namespace);
    }
}
