package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.Pod;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The agent pods of a pool: where they are, and how their agents are named. Pools with the same source share its watches.
 *
 * @param namespaces one empty string for all
 */
public record PodSource(List<String> namespaces, String selector, AgentNameTemplate template) {
    public PodSource {
        namespaces = List.copyOf(namespaces);
    }

    public List<PodScope> scopes() {
        return namespaces.stream()
                .map(namespace -> new PodScope(namespace, selector))
                .toList();
    }

    /** All of them, as the API server has them now. */
    public List<Pod> list(KubernetesApi api) throws IOException {
        List<Pod> pods = new ArrayList<>();
        for (PodScope scope : scopes()) {
            api.list(scope, pod -> pods.add(template.read(pod)));
        }
        return pods;
    }
}
