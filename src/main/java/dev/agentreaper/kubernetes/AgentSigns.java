package dev.agentreaper.kubernetes;

import dev.agentreaper.kubernetes.PodFacts.EnvVar;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What shows, without any selector, that a pod runs an Azure Pipelines agent.
 *
 * @param isAgent its environment has what the agent's start script takes, and it is no pod of ours
 * @param organization that of its {@code AZP_URL}, in lower case; null where it can't be told, as from a Secret
 * @param pool its {@code AZP_POOL}; null likewise
 */
public record AgentSigns(
        boolean isAgent,
        @Nullable String organization,
        @Nullable String pool) {
    private static final Set<String> VARIABLES = Set.of("AZP_URL", "AZP_POOL");
    private static final String OURS = "agent-reaper";

    public static AgentSigns of(PodFacts pod) {
        boolean agent = pod.spec().containers().stream()
                .flatMap(container -> container.env().stream())
                .map(EnvVar::name)
                .anyMatch(VARIABLES::contains);
        if (!agent || isOurs(pod)) {
            return new AgentSigns(false, null, null);
        }
        AgentEnvironment environment = AgentEnvironment.of(pod);
        String url = known(environment, "AZP_URL");
        return new AgentSigns(true, url == null ? null : organization(url), known(environment, "AZP_POOL"));
    }

    /**
     * Whether nothing speaks against it that the agent is of this pool.
     *
     * @param poolName its name, or its id when all digits, which the pods need not have
     */
    public boolean mayBeOf(URI url, String poolName) {
        return (organization == null || organization.equals(organization(url.toString())))
                && (pool == null || pool.equalsIgnoreCase(poolName) || poolName.matches("\\d+"));
    }

    private static @Nullable String known(AgentEnvironment environment, String name) {
        return environment.value(name) instanceof Value.Known(String text) ? text.strip() : null;
    }

    /** The organization or collection that the address ends with; or as in {@code https://ORG.visualstudio.com}. */
    private static String organization(String url) {
        String address = url.toLowerCase(Locale.ROOT).replaceAll("^https?://|/+$", "");
        return address.substring(address.lastIndexOf('/') + 1).replace(".visualstudio.com", "");
    }

    /** Ours signs in to Azure DevOps by the same variables. */
    private static boolean isOurs(PodFacts pod) {
        return OURS.equals(pod.metadata().labels().get("app.kubernetes.io/name"))
                || pod.spec().containers().stream()
                        .flatMap(container -> container.env().stream())
                        .anyMatch(variable -> variable.name().startsWith("REAPER_"));
    }
}
