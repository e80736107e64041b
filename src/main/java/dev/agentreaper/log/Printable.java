package dev.agentreaper.log;

import java.util.regex.Pattern;

/** Text from outside, made fit for one line of a log or a terminal. */
public final class Printable {
    private static final int LONGEST = 500;
    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]");

    private Printable() {}

    /** As {@link #line}, and what is very long is cut. */
    public static String of(String text) {
        // What we hold is hidden before the cut, which could leave a part of it.
        String shown = Secrets.hide(text);
        if (shown.length() > LONGEST) {
            shown = shown.substring(0, Character.isHighSurrogate(shown.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST)
                    + "…";
        }
        return line(shown);
    }

    /**
     * Control characters, such as line ends and terminal escapes, and halves of characters become {@code ?}; {@link Secrets}
     * become {@code ***}.
     */
    public static String line(String text) {
        return UNFIT.matcher(Secrets.hide(text)).replaceAll("?");
    }
}
