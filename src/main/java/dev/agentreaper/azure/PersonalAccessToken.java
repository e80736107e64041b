package dev.agentreaper.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Signs in with a personal access token. */
public sealed interface PersonalAccessToken extends Credential {

    /** The token itself. */
    record Given(String token) implements PersonalAccessToken {
        @Override
        public String authorization() {
            return basic(token);
        }

        @Override
        public String toString() {
            return "a token";
        }
    }

    /** The token in a file, read for each call, so that a mounted Secret may rotate under us. */
    record InFile(Path file) implements PersonalAccessToken {
        @Override
        public String authorization() throws IOException {
            String token;
            try {
                token = Files.readString(file).strip();
            } catch (IOException e) {
                throw new IOException("the token file " + file + " can't be read", e);
            }
            if (token.isEmpty()) {
                throw new IOException("the token file " + file + " is empty");
            }
            return basic(token);
        }
    }

    private static String basic(String token) {
        // One line: the MIME encoder's line ends would break the header, as they do in many a script.
        return "Basic " + Base64.getEncoder().encodeToString((":" + token).getBytes(UTF_8));
    }
}
