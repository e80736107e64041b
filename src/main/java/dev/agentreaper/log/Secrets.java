package dev.agentreaper.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What we sign in with, so that it is recognized, and hidden, where a server's answer or another program's words bring it
 * back. Of the whole process; thread-safe.
 */
public final class Secrets {
    /** Shorter ones are not hidden: ordinary words would go with them. */
    private static final int SHORTEST = 8;
    /** Access tokens come hourly, and each has run out when this many more have come. */
    private static final int AT_MOST = 64;

    private static final Map<String, Set<String>> HELD = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
            return size() > AT_MOST;
        }
    };

    private Secrets() {}

    /** Notes a secret that is about to be used. */
    public static void hold(String secret) {
        if (secret.length() < SHORTEST) {
            return;
        }
        synchronized (HELD) {
            HELD.computeIfAbsent(secret, Secrets::forms);
        }
    }

    /** The text with {@code ***} in the place of each of them. */
    static String hide(String text) {
        String shown = text;
        synchronized (HELD) {
            for (Set<String> forms : HELD.values()) {
                for (String form : forms) {
                    shown = shown.replace(form, "***");
                }
            }
        }
        return shown;
    }

    /** As it is, in a form or a query, and alone in Base64: whoever is sent it in another text's Base64 holds that too. */
    private static Set<String> forms(String secret) {
        return Set.copyOf(List.of(
                secret,
                URLEncoder.encode(secret, UTF_8),
                Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(UTF_8))));
    }
}
