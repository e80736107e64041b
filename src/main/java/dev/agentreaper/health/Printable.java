package dev.agentreaper.health;

/** Text from outside, made fit for one line of a log or a terminal. */
public final class Printable {
    private static final int LONGEST = 500;

    private Printable() {}

    /** Control characters, such as line ends and terminal escapes, become {@code ?}; what is very long is cut. */
    public static String of(String text) {
        String shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return shown.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
