package dev.agentreaper.check;

import java.util.regex.Pattern;

/** What to set, to be copied: into a shell, a file of variables or {@code application.yaml}. */
final class Advice {
    private static final Pattern PLAIN = Pattern.compile("[\\w.,:/@=-]+");
    private static final Pattern UNFIT_FOR_A_GLOB = Pattern.compile("[^\\p{L}\\p{N}._ -]");

    private Advice() {}

    /**
     * @param variable the setting's name in the environment
     * @param yaml its name in the file, under that of the pool
     */
    static String set(String variable, String yaml, String value) {
        String quoted = PLAIN.matcher(value).matches() ? value : "'" + value + "'";
        return "set %s=%s (in the file, %s: %s)".formatted(variable, quoted, yaml, quoted);
    }

    /** A glob that matches this name, whoever chose it: with {@code ?} for what would be more than a character to its reader. */
    static String glob(String name) {
        return UNFIT_FOR_A_GLOB.matcher(name).replaceAll("?");
    }
}
