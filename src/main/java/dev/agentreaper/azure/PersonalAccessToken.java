package dev.agentreaper.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** Signs in with a personal access token. */
public sealed interface PersonalAccessToken extends Credential, SignIn {

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
        public String authorization() throws ProblemException {
            String token;
            try {
                token = Files.readString(file).strip();
            } catch (IOException e) {
                throw new ProblemException(problem("can't be read"), e);
            }
            if (token.isEmpty()) {
                throw new ProblemException(problem("is empty"));
            }
            return basic(token);
        }

        private Problem problem(String what) {
            return new Problem(
                    "no credential",
                    "the token file %s %s.".formatted(file, what),
                    "mount the Secret that holds it, or mend AZP_TOKEN_FILE.");
        }
    }

    @Override
    default String cureWhereUnknown() {
        return "make a token with the scope «Agent Pools (read, manage)» for this organization and put it into"
                + " AZP_TOKEN or the file of AZP_TOKEN_FILE; the present one is wrong, expired or of another"
                + " organization.";
    }

    @Override
    default String cureWhereForbidden() {
        return "give the token's owner the role Administrator on the pool (Organization settings, Agent pools, the"
                + " pool, Security), and the token the scope «Agent Pools (read, manage)».";
    }

    private static String basic(String token) {
        // One line: the MIME encoder's line ends would break the header, as they do in many a script.
        return "Basic " + Base64.getEncoder().encodeToString((":" + token).getBytes(UTF_8));
    }
}
