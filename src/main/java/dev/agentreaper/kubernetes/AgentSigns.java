package dev.agentreaper.kubernetes;

import dev.agentreaper.kubernetes.PodFacts.EnvVar;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What shows, without any selector, that a pod runs an Azure Pipelines agent.
 *
 * @param isAgent its environment has what the agent's start script takes, and it is no pod of ours
 * @param pool its {@code AZP_POOL}; null where that can't be told, as from a Secret
 */
public record AgentSigns(boolean isAgent, @Nullable String pool) {
    private static final Set<String> VARIABLES = Set.of("AZP_URL", "AZP_POOL");
    private static final String OURS = "agent-reaper";

    public static AgentSigns of(PodFacts pod) {
        boolean agent = pod.spec().containers().stream()
                .flatMap(container -> container.env().stream())
                .map(EnvVar::name)
                .anyMatch(VARIABLES::contains);
        String pool = AgentEnvironment.of(pod).value("AZP_POOL") instanceof Value.Known(String text) ? text : null;
        return new AgentSigns(agent && !isOurs(pod), pool);
    }

    /** Ours signs in to Azure DevOps by the same variables. */
    private static boolean isOurs(PodFacts pod) {
        return OURS.equals(pod.metadata().labels().get("app.kubernetes.io/name"))
                || pod.spec().containers().stream()
                        .flatMap(container -> container.env().stream())
                        .anyMatch(variable -> variable.name().startsWith("REAPER_"));
    }
}
