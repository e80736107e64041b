package dev.agentreaper.kubernetes.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.log.Secrets;
import java.io.IOException;
import java.time.Instant;
import okhttp3.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * Who we are to the API server.
 *
 * @param authorization null where we show no token
 * @param certificate null where we show none
 * @param until when the API server no longer accepts it; null where that is not known
 */
record Identity(
        @Nullable Authorization authorization,
        @Nullable ClientCertificate certificate,
        @Nullable Instant until) {
    static final Identity NONE = new Identity(null, null, null);

    /** The value of the header of this name. */
    interface Authorization {
        /** @throws IOException with what is wrong, for the operator */
        String now() throws IOException;
    }

    /** Shows a token, which is read for each call: one in a file rotates under us. */
    static Authorization bearer(DataOrFile token) {
        return () -> {
            String text = token.read().strip();
            if (text.isEmpty()) {
                throw new IOException(token.name() + " is empty");
            }
            if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IOException(token.name() + " has characters that no token has within it");
            }
            Secrets.holdToken(text);
            return "Bearer " + text;
        };
    }

    /** Shows a user's password. */
    static Authorization basic(String user, String password) {
        String credentials = Credentials.basic(user, password, UTF_8);
        Secrets.holdLogin(user, password);
        return () -> credentials;
    }
}
