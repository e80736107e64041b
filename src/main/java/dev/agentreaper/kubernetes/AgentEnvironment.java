package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.DeclaredPool;
import dev.agentreaper.decision.Placeholders;
import dev.agentreaper.kubernetes.PodFacts.EnvVar;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The environment of a pod's agent container, as the kubelet makes it ({@code makeEnvironmentVariables}): variables in
 * order, each may refer to those before it as {@code $(NAME)}, and {@code $$} stands for {@code $}.
 */
final class AgentEnvironment {
    /** What the agent's start script takes. */
    static final String AGENT_NAME = "AZP_AGENT_NAME";

    private static final String URL = "AZP_URL";
    private static final String POOL = "AZP_POOL";
    /** Those by which a container shows that it runs an agent: its name alone may be in others, too. */
    static final Set<String> OF_AGENTS = Set.of(URL, POOL);

    private static final Set<String> AGENT_VARIABLES = Set.of(AGENT_NAME, URL, POOL);
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([^)]*)\\)");
    private static final Pattern KEYED_FIELD = Pattern.compile("metadata\\.(labels|annotations)\\['(.+)']");

    /** Of a value, which by references could double from one variable to the next. No agent's name is near it. */
    private static final int LONGEST = 10_000;

    private final Map<String, Value> values;

    private AgentEnvironment(Map<String, Value> values) {
        this.values = values;
    }

    /** That of the first container whose env names a variable of the agent, else of the first. */
    static AgentEnvironment of(PodFacts pod) {
        Map<String, Value> values = new HashMap<>();
        for (EnvVar variable : agentContainer(pod.spec().containers())) {
            values.put(variable.name(), value(variable, pod, values));
        }
        return new AgentEnvironment(values);
    }

    /** The variable's value; null where the container's env does not name it. */
    @Nullable
    Value value(String name) {
        return values.get(name);
    }

    /** Whether its agent registers as a placeholder. */
    boolean marksPlaceholder() {
        Map<String, String> found = new HashMap<>();
        for (String variable : Placeholders.VARIABLES) {
            Value value = value(variable);
            if (value != null) {
                found.put(variable, value instanceof Value.Known(String known) ? known : "");
            }
        }
        return Placeholders.areMarkedBy(found);
    }

    /**
     * The pool in which the pod's agent registers, by what stands in its spec itself, which can't change; unknown where more
     * than one container may run an agent.
     */
    static DeclaredPool declaredPool(PodFacts pod) {
        List<PodFacts.Container> ofAgents = pod.spec().containers().stream()
                .filter(AgentEnvironment::isOfAgent)
                .toList();
        if (ofAgents.size() != 1) {
            return DeclaredPool.UNKNOWN;
        }
        List<EnvVar> env = ofAgents.getFirst().env();
        return DeclaredPool.of(literal(env, URL), literal(env, POOL));
    }

    /** Null unless it is given, and refers to nothing. */
    private static @Nullable String literal(List<EnvVar> env, String name) {
        return env.stream()
                .filter(variable -> variable.name().equals(name))
                .reduce((before, last) -> last)
                .filter(variable -> !variable.elsewhere() && variable.fieldPath() == null)
                .map(EnvVar::value)
                .filter(value -> !value.contains("$"))
                .orElse(null);
    }

    private static boolean isOfAgent(PodFacts.Container container) {
        return container.env().stream().map(EnvVar::name).anyMatch(AGENT_VARIABLES::contains);
    }

    private static List<EnvVar> agentContainer(List<PodFacts.Container> containers) {
        return containers.stream()
                .filter(AgentEnvironment::isOfAgent)
                .findFirst()
                .or(() -> containers.stream().findFirst())
                .map(PodFacts.Container::env)
                .orElse(List.of());
    }

    private static Value value(EnvVar variable, PodFacts pod, Map<String, Value> before) {
        if (variable.elsewhere()) {
            return new Value.Unknown(variable.name() + " comes from a Secret, a ConfigMap or the like");
        }
        if (variable.fieldPath() != null) {
            return field(variable.fieldPath(), pod);
        }
        String text = variable.value() == null ? "" : variable.value();
        return text.length() > LONGEST
                ? new Value.Unknown("%s has more than %d characters".formatted(variable.name(), LONGEST))
                : expand(text, before);
    }

    private static Value expand(String text, Map<String, Value> before) {
        StringBuilder expanded = new StringBuilder();
        Matcher matcher = REFERENCE.matcher(text);
        while (matcher.find()) {
            String name = matcher.group(1);
            if (name == null) {
                matcher.appendReplacement(expanded, Matcher.quoteReplacement("$"));
                continue;
            }
            switch (before.get(name)) {
                case Value.Known(String value) -> {
                    if (expanded.length() + value.length() > LONGEST) {
                        return new Value.Unknown(
                                "$(%s) makes a value of more than %d characters".formatted(name, LONGEST));
                    }
                    matcher.appendReplacement(expanded, Matcher.quoteReplacement(value));
                }
                case null -> {
                    return new Value.Unknown("$(%s) refers to a variable that its env does not name".formatted(name));
                }
                case Value.Unknown unknown -> {
                    return unknown;
                }
                case Value.NotYet notYet -> {
                    return notYet;
                }
            }
        }
        return new Value.Known(matcher.appendTail(expanded).toString());
    }

    /** The fields that the downward API offers to variables. */
    private static Value field(String path, PodFacts pod) {
        Matcher keyed = KEYED_FIELD.matcher(path);
        if (keyed.matches()) {
            Map<String, String> values = keyed.group(1).equals("labels")
                    ? pod.metadata().labels()
                    : pod.metadata().annotations();
            return new Value.Known(values.getOrDefault(keyed.group(2), ""));
        }
        return switch (path) {
            case "metadata.name" -> new Value.Known(pod.key().name());
            case "metadata.namespace" -> new Value.Known(pod.key().namespace());
            case "metadata.uid" -> new Value.Known(pod.uid());
            case "spec.nodeName" -> orNotYet(pod.spec().nodeName());
            case "spec.serviceAccountName" -> orNotYet(pod.spec().serviceAccountName());
            case "status.hostIP" -> orNotYet(pod.status().hostIp());
            case "status.podIP" -> orNotYet(pod.status().podIp());
            default -> new Value.Unknown("the field " + path + " is not one that is read");
        };
    }

    private static Value orNotYet(@Nullable String value) {
        return value == null ? new Value.NotYet() : new Value.Known(value);
    }
}
