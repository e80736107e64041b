package dev.agentreaper.config;

import static java.util.stream.Collectors.toCollection;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The pools, and under what names their settings are given. */
record Names(Set<String> given) {
    private static final String POOLS = "reaper.pools.";
    private static final Pattern OF_POOL = Pattern.compile("reaper\\.pools\\.(\"[^\"]+\"|[^.]+)\\.(.+)");

    /** What the pools are called: as in the file, or {@code default} where it has none. */
    Set<String> pools() {
        Set<String> pools = given.stream()
                .map(OF_POOL::matcher)
                .filter(Matcher::matches)
                .map(matcher -> unquoted(matcher.group(1)))
                .collect(toCollection(TreeSet::new));
        return pools.isEmpty() ? Set.of("default") : pools;
    }

    /** By what name to ask for a setting: in the file, where the pool is there. */
    String toAskFor(String pool, Key key) {
        return isInFile(pool) ? ofPool(pool, key) : key.variable();
    }

    /** The name of a pool's own setting. */
    String ofPool(String pool, Key key) {
        String segment = pool.contains(".") ? '"' + pool + '"' : pool;
        return POOLS + segment + "." + key.yaml();
    }

    private boolean isInFile(String pool) {
        return given.stream()
                .map(OF_POOL::matcher)
                .anyMatch(matcher ->
                        matcher.matches() && unquoted(matcher.group(1)).equals(pool));
    }

    private static String unquoted(String segment) {
        return segment.startsWith("\"") ? segment.substring(1, segment.length() - 1) : segment;
    }
}
