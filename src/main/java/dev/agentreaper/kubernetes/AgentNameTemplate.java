package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a pod's agent is named: text with the parts <code>{agent} {hostname} {pod} {namespace} {label:KEY}
 * {annotation:KEY} {env:NAME}</code>. <code>{agent}</code> is what the agent's own start script uses:
 * {@code AZP_AGENT_NAME} where the pod sets it, else the host name.
 */
public final class AgentNameTemplate {
    /** What to do about pods whose agent's name can't be told, as a sentence without its full stop. */
    public static final String CURE_OF_UNMAPPED =
            "set AZP_AGENT_NAME in the spec of such pods, or REAPER_AGENT_NAME (in the file, agent-name) to how their"
                    + " agents are named, or leave them out by REAPER_POD_SELECTOR (in the file, pod-selector)";

    private static final Pattern PART = Pattern.compile("\\{([a-z]+)(?::([^{}]+))?}");
    /** Many times what Azure DevOps takes for the name of an agent; each is kept for as long as its pod lives. */
    private static final int LONGEST = 1_000;

    private interface Part {
        Value of(PodFacts pod, AgentEnvironment environment);
    }

    private final String text;
    private final List<Part> parts;

    private AgentNameTemplate(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /** @throws IllegalArgumentException with what is wrong with it, for the operator */
    public static AgentNameTemplate parse(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(text);
        int end = 0;
        while (matcher.find()) {
            parts.add(literal(text.substring(end, matcher.start())));
            parts.add(part(matcher.group(1), matcher.group(2)));
            end = matcher.end();
        }
        parts.add(literal(text.substring(end)));
        if (end == 0) {
            throw new IllegalArgumentException("it has no part that tells one pod from another, such as {agent}");
        }
        return new AgentNameTemplate(text, parts);
    }

    /** The agent of a pod whose agent container has this environment. */
    PodAgent agent(PodFacts pod, AgentEnvironment environment) {
        StringBuilder name = new StringBuilder();
        for (Part part : parts) {
            switch (part.of(pod, environment)) {
                case Value.Known(String value) -> name.append(value);
                case Value.Unknown(String why) -> {
                    return unmapped(pod, why);
                }
                case Value.NotYet() -> {
                    return new PodAgent.NotYet();
                }
            }
        }
        String text = name.toString();
        if (text.isEmpty()) {
            return unmapped(pod, "the name that the template makes of it is empty");
        }
        if (text.length() > LONGEST) {
            return unmapped(pod, "the name that the template makes of it has %d characters".formatted(text.length()));
        }
        // Most names are the pod's own: one string then serves both.
        return new PodAgent.Named(
                new AgentName(text.equals(pod.key().name()) ? pod.key().name() : text));
    }

    /** Before it is bound to a node, its agent cannot have registered, by whatever name. */
    private static PodAgent unmapped(PodFacts pod, String why) {
        return pod.spec().nodeName() == null ? new PodAgent.NotYet() : new PodAgent.Unmapped(why);
    }

    private static Part literal(String text) {
        if (text.contains("{") || text.contains("}")) {
            throw new IllegalArgumentException(
                    "it has a { or a } that is not of a part such as {agent} or {label:KEY}");
        }
        return (pod, environment) -> new Value.Known(text);
    }

    private static Part part(String name, @Nullable String key) {
        if (List.of("label", "annotation", "env").contains(name) == (key == null)) {
            throw new IllegalArgumentException(
                    key == null
                            ? "{%s} lacks its key: {%s:KEY}".formatted(name, name)
                            : "{%s} takes no key".formatted(name));
        }
        return switch (name) {
            case "agent" ->
                (pod, environment) -> {
                    Value given = environment.value(AgentEnvironment.AGENT_NAME);
                    return given == null || given.equals(new Value.Known("")) ? hostname(pod) : given;
                };
            case "hostname" -> (pod, environment) -> hostname(pod);
            case "pod" -> (pod, environment) -> new Value.Known(pod.key().name());
            case "namespace" -> (pod, environment) -> new Value.Known(pod.key().namespace());
            case "label" ->
                (pod, environment) -> keyed("label", key, pod.metadata().labels()::get);
            case "annotation" ->
                (pod, environment) -> keyed("annotation", key, pod.metadata().annotations()::get);
            case "env" ->
                (pod, environment) -> {
                    Value value = environment.value(String.valueOf(key));
                    return value == null ? new Value.Unknown("its agent container's env has no " + key) : value;
                };
            default -> throw new IllegalArgumentException("{%s} is not known".formatted(name));
        };
    }

    private static Value keyed(String kind, @Nullable String key, Function<String, @Nullable String> values) {
        String value = values.apply(String.valueOf(key));
        return value == null || value.isEmpty()
                ? new Value.Unknown("it has no %s %s".formatted(kind, key))
                : new Value.Known(value);
    }

    /** As the kubelet makes it: {@code GeneratePodHostNameAndDomain} and {@code truncatePodHostnameIfNeeded}. */
    private static Value hostname(PodFacts pod) {
        PodFacts.Spec spec = pod.spec();
        if (spec.hostNetwork()) {
            return spec.nodeName() == null ? new Value.NotYet() : new Value.Known(spec.nodeName());
        }
        if (spec.hostnameOverride() != null) {
            return new Value.Known(spec.hostnameOverride());
        }
        if (spec.setHostnameAsFqdn() && spec.subdomain() != null) {
            return new Value.Unknown("its host name is a fully qualified one (setHostnameAsFQDN)");
        }
        String full = spec.hostname() != null ? spec.hostname() : pod.key().name();
        if (full.length() <= 63) {
            return new Value.Known(full);
        }
        return new Value.Known(full.substring(0, 63).replaceAll("[-.]+$", ""));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AgentNameTemplate that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
