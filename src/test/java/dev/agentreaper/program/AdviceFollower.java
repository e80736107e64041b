package dev.agentreaper.program;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does what an advice says, sentence by sentence, as somebody who knows nothing else. Settings are set as they are written
 * there; for what a person does elsewhere, as in a web page, there is a table of sentences and acts. A sentence that nobody can
 * follow is an error.
 */
final class AdviceFollower {
    private static final String FILE = " \\(in the file, (?<yaml>[a-z.-]+)";
    /** The value is there to be copied. */
    private static final Pattern SET = Pattern.compile(
            "set (?<name>[A-Z_]+)=(?:'(?<quoted>[^']*)'|(?<plain>\\S+?))(?:" + FILE + ": [^)]*\\)| instead)");
    /** The value has been copied before. */
    private static final Pattern SET_TO_IT = Pattern.compile("set (?<name>[A-Z_]+) to (?:it|its path)" + FILE
            + "\\)(?:, as in \\k<name>=(?:'[^']*'|\\S+?)(?=[.;]?(?: |$)))?");

    private static final Pattern SET_IN_FILE =
            Pattern.compile("set reaper\\.pools\\.(?<pool>[^.]+)\\.(?<yaml>\\S+): (?<plain>\\S+) instead");
    private static final Pattern BETWEEN = Pattern.compile("[.;,]? *(?:and |Then |$)?");

    /** What a person does. */
    interface Act {
        void follow(MatchResult said) throws Exception;
    }

    /** Where settings are set. */
    interface Settings {
        /**
         * @param variable the name in the environment
         * @param yaml the name in the file
         */
        void set(String variable, String yaml, String value);
    }

    private final Settings settings;
    private final Map<Pattern, Act> acts = new LinkedHashMap<>();
    private String copied = "";

    AdviceFollower(Settings settings) {
        this.settings = settings;
    }

    /** @param sentence with {@code {}} for each word that differs */
    AdviceFollower on(String sentence, Act act) {
        String words =
                Arrays.stream(sentence.split("\\{}", -1)).map(Pattern::quote).collect(joining("(\\S+?)"));
        acts.put(Pattern.compile(sentence.endsWith("{}") ? words + "(?=[.;,]?(?: |$))" : words), act);
        return this;
    }

    /** Knows the sentence, and has nothing to do: it explains, or tells of a case that is not there. */
    AdviceFollower leave(String sentence) {
        return on(sentence, said -> {});
    }

    /** Keeps something to be set later. */
    void copy(String value) {
        copied = value;
    }

    String copied() {
        return copied;
    }

    void follow(String advice) {
        int at = 0;
        while (at < advice.length()) {
            at = followOne(advice, at);
            Matcher between = BETWEEN.matcher(advice).region(at, advice.length());
            at = between.lookingAt() ? between.end() : at;
        }
    }

    /** @return where it ends */
    private int followOne(String advice, int from) {
        Matcher set = SET.matcher(advice).region(from, advice.length());
        if (set.lookingAt()) {
            String value = set.group("quoted") == null ? set.group("plain") : set.group("quoted");
            settings.set(set.group("name"), String.valueOf(set.group("yaml")), value);
            return set.end();
        }
        Matcher inFile = SET_IN_FILE.matcher(advice).region(from, advice.length());
        if (inFile.lookingAt()) {
            settings.set("", inFile.group("yaml"), inFile.group("plain"));
            return inFile.end();
        }
        Matcher toIt = SET_TO_IT.matcher(advice).region(from, advice.length());
        if (toIt.lookingAt()) {
            settings.set(toIt.group("name"), toIt.group("yaml"), copied);
            return toIt.end();
        }
        for (Map.Entry<Pattern, Act> act : acts.entrySet()) {
            Matcher said = act.getKey().matcher(advice).region(from, advice.length());
            if (said.lookingAt()) {
                try {
                    act.getValue().follow(said);
                } catch (Exception e) {
                    throw new IllegalStateException("can't be followed: " + said.group(), e);
                }
                return said.end();
            }
        }
        throw new AssertionError(
                "nobody knows how to follow: %s%nwhich is in: %s".formatted(advice.substring(from), advice));
    }
}
