package dev.agentreaper.config;

import dev.agentreaper.health.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds settings that there are none of: a mistyped one would be a default that nobody wanted. */
final class UnknownKeys {
    /** What Kubernetes adds to a pod's environment for a Service called reaper. */
    private static final Pattern OF_A_SERVICE =
            Pattern.compile("REAPER_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_.*)?)");

    private static final Pattern IN_FILE =
            Pattern.compile("reaper\\.(pools\\.(?:\"[^\"]+\"|[^.]+)\\.)?(.+?)(\\[\\d+])?");

    private static final Pattern BEFORE_EACH_KEY = Pattern.compile("^(REAPER_|reaper\\.)");
    private static final Fault.Remedy LISTED =
            new Fault.Remedy.Action("take one that the README lists under Configuration, or leave it out.");

    private UnknownKeys() {}

    /** A fault for each of these names that is like ours and none of them. */
    static List<Fault> in(Set<String> names) {
        List<Fault> faults = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            if (name.startsWith("REAPER_") && !OF_A_SERVICE.matcher(name).matches()) {
                List<String> known = variables().toList();
                if (!known.contains(name)) {
                    faults.add(fault(name, name, known));
                }
            } else if (name.startsWith("reaper.")) {
                inFile(name, faults);
            }
        }
        return faults;
    }

    private static void inFile(String name, List<Fault> faults) {
        Matcher matcher = IN_FILE.matcher(name);
        if (!matcher.matches()) {
            return;
        }
        boolean ofPool = matcher.group(1) != null;
        String key = ofPool ? matcher.group(2) : "reaper." + matcher.group(2);
        List<String> known = Arrays.stream(Key.values())
                .filter(candidate -> candidate.isOfPools() == ofPool)
                .map(Key::yaml)
                .collect(Collectors.toList());
        if (!known.contains(key)) {
            faults.add(fault(name, key, known));
        }
    }

    private static Fault fault(String name, String key, List<String> known) {
        String nearest = known.stream()
                .min(Comparator.comparingInt(candidate -> distance(candidate, key)))
                .orElseThrow();
        return new Fault("unknown key " + name, isNear(key, nearest) ? new Fault.Remedy.Rename(nearest) : LISTED);
    }

    /** Whether no more than half of it would have to be changed; what all have in common does not count. */
    private static boolean isNear(String key, String known) {
        String given = BEFORE_EACH_KEY.matcher(key).replaceFirst("");
        String right = BEFORE_EACH_KEY.matcher(known).replaceFirst("");
        return 2 * distance(given, right) <= Math.max(given.length(), right.length());
    }

    private static Stream<String> variables() {
        return Arrays.stream(Key.values()).map(Key::variable).filter(name -> name.startsWith("REAPER_"));
    }

    /** How many characters have to be added, dropped or changed (Levenshtein). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
