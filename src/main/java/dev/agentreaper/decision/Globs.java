package dev.agentreaper.decision;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Patterns for agent names: {@code *} stands for any run of characters, {@code ?} for one; case does not matter. */
public final class Globs {
    private final List<String> globs;
    private final Pattern pattern;

    public Globs(List<String> globs) {
        this.globs = List.copyOf(globs);
        this.pattern = Pattern.compile(
                globs.stream().map(Globs::regex).collect(Collectors.joining("|")),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    public boolean isEmpty() {
        return globs.isEmpty();
    }

    public boolean match(AgentName name) {
        return !globs.isEmpty() && pattern.matcher(name.value()).matches();
    }

    /** These and those. */
    public Globs and(Globs others) {
        return new Globs(Stream.concat(globs.stream(), others.globs.stream()).toList());
    }

    /** These, but not those. */
    public Globs without(Globs others) {
        return new Globs(
                globs.stream().filter(glob -> !others.globs.contains(glob)).toList());
    }

    @Override
    public String toString() {
        return String.join(",", globs);
    }

    private static String regex(String glob) {
        return glob.codePoints()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
    }
}
