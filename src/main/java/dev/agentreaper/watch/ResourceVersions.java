package dev.agentreaper.watch;

/**
 * The resourceVersions that a watch has come past: numbers that grow, and comparable (KEP-5504); one that is no number counts
 * as 0. Not thread-safe.
 */
final class ResourceVersions {
    private long highest;

    /** Notes a list's; false if it is before one that was reached, as after the cluster was restored to an older state. */
    boolean listed(String version) {
        long number = number(version);
        boolean sameHistory = number >= highest;
        highest = number;
        return sameHistory;
    }

    /** Notes an event's; false if it is before the one that was reached last: then it is not noted. */
    boolean reached(String version, String last) {
        if (number(version) < number(last)) {
            return false;
        }
        highest = Math.max(highest, number(version));
        return true;
    }

    private static long number(String version) {
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
