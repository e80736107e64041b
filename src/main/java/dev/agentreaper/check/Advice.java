package dev.agentreaper.check;

import dev.agentreaper.config.Key;
import dev.agentreaper.log.Printable;
import java.util.List;
import java.util.regex.Pattern;

/** What to set, to be copied: into a shell, a file of variables or {@code application.yaml}. */
final class Advice {
    private static final Pattern PLAIN = Pattern.compile("[\\w.,:/@=-]+");
    private static final Pattern UNFIT_FOR_A_GLOB = Pattern.compile("[^\\p{L}\\p{N}._ -]");

    private Advice() {}

    /** A setting's names: in the environment, and in the file. */
    static String named(Key setting) {
        return "%s (in the file, %s)".formatted(setting.variable(), setting.yaml());
    }

    static String set(Key setting, String value) {
        String quoted = PLAIN.matcher(value).matches() ? value : "'" + value + "'";
        return "set %s=%s (in the file, %s: %s)".formatted(setting.variable(), quoted, setting.yaml(), quoted);
    }

    /** Whether a name, whoever chose it, can be copied in quotes and ends there. */
    static boolean isFitToCopy(String name) {
        return name.indexOf('\'') < 0;
    }

    /** @param names those of the pools that agents may be in, in the words of whoever named them */
    static String pool(List<String> names) {
        return names.size() == 1
                ? set(Key.POOL, Printable.of(names.getFirst())) + "."
                : "set %s to that of these pools that the agents' pods have as their own AZP_POOL: %s; as in %s='%s'."
                        .formatted(
                                named(Key.POOL),
                                Wording.of(names),
                                Key.POOL.variable(),
                                Printable.of(names.getFirst()));
    }

    /** A glob that matches this name, whoever chose it: with {@code ?} for what would be more than a character to its reader. */
    static String glob(String name) {
        return UNFIT_FOR_A_GLOB.matcher(name).replaceAll("?");
    }
}
