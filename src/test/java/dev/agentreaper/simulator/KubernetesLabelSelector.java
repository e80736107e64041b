package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Label selectors, read as the API server reads them: {@code a=b}, {@code a!=b}, {@code a in (b,c)}, {@code a notin
 * (b,c)}, {@code a} and {@code !a}, joined by commas. A pod without the label satisfies {@code !=} and {@code notin}.
 */
final class KubernetesLabelSelector {
    private static final Pattern REQUIREMENT = Pattern.compile("""
            \\s*(?:!\\s*(?<absent>[\\w./-]+)\
            |(?<key>[\\w./-]+)(?:\\s+(?<set>in|notin)\\s*\\((?<values>[\\w.,\\s-]*)\\)\
            |\\s*(?<operator>==?|!=)\\s*(?<value>[\\w.-]*))?)\\s*(?:,|$)""");

    private KubernetesLabelSelector() {}

    /**
     * A test of a pod's labels object.
     *
     * @throws IllegalArgumentException if this is no selector
     */
    static Predicate<JsonNode> parse(String selector) {
        Predicate<JsonNode> all = labels -> true;
        Matcher matcher = REQUIREMENT.matcher(selector);
        int position = 0;
        while (position < selector.length()) {
            if (!matcher.find(position) || matcher.start() != position) {
                throw new IllegalArgumentException("unable to parse requirement: " + selector.substring(position));
            }
            all = all.and(requirement(matcher));
            position = matcher.end();
        }
        return all;
    }

    private static Predicate<JsonNode> requirement(Matcher matcher) {
        String absent = matcher.group("absent");
        if (absent != null) {
            return labels -> !labels.has(absent);
        }
        String key = matcher.group("key");
        if (matcher.group("operator") != null) {
            Predicate<JsonNode> equal = isOneOf(key, Set.of(matcher.group("value")));
            return matcher.group("operator").equals("!=") ? equal.negate() : equal;
        }
        if (matcher.group("set") != null) {
            Set<String> values =
                    Set.copyOf(List.of(matcher.group("values").strip().split("\\s*,\\s*")));
            Predicate<JsonNode> in = isOneOf(key, values);
            return matcher.group("set").equals("notin") ? in.negate() : in;
        }
        return labels -> labels.has(key);
    }

    private static Predicate<JsonNode> isOneOf(String key, Set<String> values) {
        return labels -> labels.has(key) && values.contains(labels.path(key).asText());
    }
}
