package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
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

    /**
     * Whether the pod may have registered this agent. By another name that it has now it has not, where that does not depend on
     * labels or annotations, which may have been others then.
     */
    boolean mayHaveRegistered(AgentName agent, PodFacts facts) {
        PodAgent now = pod(facts).agent();
        return switch (now) {
            case PodAgent.Named(AgentName name) ->
                name.equals(agent) || !pod(facts.withOtherLabels()).agent().equals(now);
            case PodAgent.Unmapped _ -> true;
            case PodAgent.NotYet() -> false;
        };
    }

    @Override
    public String toString() {
        return scopes().stream().map(PodScope::toString).collect(Collectors.joining(" and "));
    }
}
