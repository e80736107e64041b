package dev.agentreaper.check;

import dev.agentreaper.log.Printable;
import java.util.Collection;
import java.util.stream.Collectors;

/** Words for numbers and names of things, of which the first few are shown. */
final class Wording {
    private static final int SHOWN = 5;

    private Wording() {}

    /** How many there are of a thing, in words. */
    static String count(long number, String one) {
        return number == 1 ? "1 " + one : "%d %ss".formatted(number, one);
    }

    static String of(Collection<String> names) {
        String first = names.stream().limit(SHOWN).map(Printable::of).collect(Collectors.joining(", "));
        return names.size() <= SHOWN ? first : "%s and %d more".formatted(first, names.size() - SHOWN);
    }

    /** Adds them to a message, if there are any. */
    static void say(StringBuilder message, String before, Collection<String> names) {
        if (!names.isEmpty()) {
            message.append(before).append(of(names));
        }
    }
}
