package dev.agentreaper.decision;

import java.util.List;
import java.util.Map;

/**
 * How a placeholder is told from an agent: by the variables with which the published samples make one
 * ({@code AZP_PLACEHOLDER} in Azure Container Apps', {@code AZP_TEMPLATE_JOB=1} in blue-agent's), found in its pod's
 * environment or published among its capabilities.
 */
public final class Placeholders {
    private static final String PLACEHOLDER = "AZP_PLACEHOLDER";
    private static final String TEMPLATE_JOB = "AZP_TEMPLATE_JOB";

    /** The variables that tell. */
    public static final List<String> VARIABLES = List.of(PLACEHOLDER, TEMPLATE_JOB);

    private Placeholders() {}

    /** Whether these variables, or capabilities, are a placeholder's. */
    public static boolean areMarkedBy(Map<String, String> variables) {
        return variables.containsKey(PLACEHOLDER) || "1".equals(variables.get(TEMPLATE_JOB));
    }
}
