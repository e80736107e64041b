package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.Pod;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the agent pods of a pool are, and how their agents are named. Pools with the same source share its watches.
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

    /** One of its pods, as decisions see it. */
    public Pod pod(PodFacts facts) {
        AgentEnvironment environment = AgentEnvironment.of(facts);
        return new Pod(
                facts.key(),
                facts.uid(),
                template.agent(facts, environment),
                AgentEnvironment.declaredPool(facts),
                facts.status().ended(),
                environment.marksPlaceholder(),
                facts.status().startTime(),
                facts.metadata().deletionTimestamp());
    }

    @Override
    public String toString() {
        return scopes().stream().map(PodScope::toString).collect(Collectors.joining(" and "));
    }
}
