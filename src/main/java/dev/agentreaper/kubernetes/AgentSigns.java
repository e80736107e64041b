package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.DeclaredPool;
import dev.agentreaper.kubernetes.PodFacts.EnvVar;

/**
 * What shows, without any selector, that a pod runs an Azure Pipelines agent.
 *
 * @param isAgent its environment has what the agent's start script takes, and it is no pod of ours
 * @param declared the pool in which that agent registers, as far as it can be told
 */
public record AgentSigns(boolean isAgent, DeclaredPool declared) {
    private static final String OURS = "agent-reaper";

    public static AgentSigns of(PodFacts pod) {
        boolean agent = pod.spec().containers().stream()
                .flatMap(container -> container.env().stream())
                .map(EnvVar::name)
                .anyMatch(AgentEnvironment.OF_AGENTS::contains);
        return agent && !isOurs(pod)
                ? new AgentSigns(true, AgentEnvironment.declaredPool(pod))
                : new AgentSigns(false, DeclaredPool.UNKNOWN);
    }

    /** Ours signs in to Azure DevOps by the same variables. */
    private static boolean isOurs(PodFacts pod) {
        return OURS.equals(pod.metadata().labels().get("app.kubernetes.io/name"))
                || pod.spec().containers().stream()
                        .flatMap(container -> container.env().stream())
                        .anyMatch(variable -> variable.name().startsWith("REAPER_"));
    }
}
