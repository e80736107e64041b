package dev.agentreaper.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HashMap;
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
    /** Tokens come hourly, and each has run out when this many more have come. */
    private static final int TOKENS_AT_MOST = 256;

    private static final Map<String, Set<String>> CONFIGURED = new HashMap<>();
    private static final Map<String, Set<String>> TOKENS = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<String>> eldest) {
            return size() > TOKENS_AT_MOST;
        }
    };

    private Secrets() {}

    /** Notes a secret of the configuration. */
    public static void hold(String secret) {
        hold(secret, CONFIGURED);
    }

    /** Notes a user's password, and what a header has of both. */
    public static void holdLogin(String user, String password) {
        hold(password);
        hold(Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8)));
    }

    /** Notes a token that is about to be used, and that another one takes the place of sooner or later. */
    public static void holdToken(String token) {
        hold(token, TOKENS);
    }

    private static void hold(String secret, Map<String, Set<String>> among) {
        if (secret.length() < SHORTEST) {
            return;
        }
        synchronized (Secrets.class) {
            among.computeIfAbsent(secret, Secrets::forms);
        }
    }

    /** The text with {@code ***} in the place of each of them. */
    static synchronized String hide(String text) {
        return hide(hide(text, CONFIGURED), TOKENS);
    }

    private static String hide(String text, Map<String, Set<String>> secrets) {
        String shown = text;
        for (Set<String> forms : secrets.values()) {
            for (String form : forms) {
                shown = shown.replace(form, "***");
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
