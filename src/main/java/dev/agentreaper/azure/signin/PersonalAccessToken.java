package dev.agentreaper.azure.signin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.log.Secrets;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Signs in with a personal access token. */
public sealed interface PersonalAccessToken extends Credential, SignIn {
    /** Those of Azure DevOps Services have 84 characters, those of a server, and older ones, 52. */
    Pattern AS_ISSUED = Pattern.compile("[A-Za-z0-9]{52}|[A-Za-z0-9]{84}");

    /** The token itself. */
    record Given(String token) implements PersonalAccessToken {
        @Override
        public String authorization() {
            return basic(token);
        }

        @Override
        public String cureOfPlace() {
            return "set AZP_TOKEN to it (in the file, token)";
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
                throw new ProblemException(problem(" can't be read: " + why(e)), e);
            }
            if (token.isEmpty()) {
                throw new ProblemException(problem(" is empty"));
            }
            String fault = fault(token);
            if (fault != null) {
                throw new ProblemException(problem(": " + fault));
            }
            return basic(token);
        }

        private Problem problem(String what) {
            return new Problem(
                    "no credential" + what,
                    "the token file %s%s.".formatted(file, what),
                    ("make or mend the Secret that is mounted there, as by kubectl -n agent-reaper create secret generic azure-devops"
                                    + " --from-literal=token=TOKEN; where it is no Secret, write a token to %s; it is read again."
                                    + " Where the token is elsewhere, set AZP_TOKEN_FILE to its path (in the file, token-file), as in"
                                    + " AZP_TOKEN_FILE=/etc/azure-devops/token.")
                            .formatted(file));
        }

        @Override
        public String cureOfPlace() {
            return "write it to %s (a Secret that is mounted there: into that Secret)".formatted(file);
        }

        private String why(IOException e) {
            if (Files.isDirectory(file)) {
                return "it is a directory, and the file in it has to be named";
            }
            return switch (e) {
                case NoSuchFileException _ -> "it is not there; perhaps the Secret is not, or has no such key";
                case AccessDeniedException _ -> "we have no right to";
                default -> String.valueOf(e.getMessage());
            };
        }
    }

    /** Where to put another token, after «make a token». */
    String cureOfPlace();

    @Override
    default String cureWhereUnknown(URI organization) {
        return "make a token with the scope «Agent Pools (read, manage)» at %s/_usersSettings/tokens (New Token, Show all scopes)"
                        .formatted(organization)
                + " and %s; the present one is wrong, expired, of another organization or without that scope."
                        .formatted(cureOfPlace());
    }

    @Override
    default String cureWhereForbidden(URI organization) {
        return "at %1$s/_settings/agentpools open the pool, then Security, Add, and give the token's owner the role Administrator on the pool; and"
                        .formatted(organization)
                + " the token, at %s/_usersSettings/tokens, the scope «Agent Pools (read, manage)»."
                        .formatted(organization);
    }

    /** What is wrong with a text in a token's place, with no part of it, for the operator; null where nothing is known to be. */
    static @Nullable String fault(String text) {
        if (isEncoded(text)) {
            return "it is Base64 of a token: a Secret's data is encoded once, so use stringData, or kubectl create secret"
                    + " generic NAME --from-literal=KEY=TOKEN";
        }
        if (text.contains("\n") || text.contains("\r")) {
            return "it has a line break within it, and a token is one line";
        }
        if (text.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            return "it has white space or characters that no token has within it";
        }
        return null;
    }

    /** Also where it is cut into lines, as the command base64 does. */
    private static boolean isEncoded(String text) {
        try {
            byte[] decoded = Base64.getDecoder().decode(text.replaceAll("\\s", ""));
            return AS_ISSUED.matcher(new String(decoded, ISO_8859_1).strip()).matches();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String basic(String token) {
        // One line: the MIME encoder's line ends would break the header, as they do in many a script.
        String encoded = Base64.getEncoder().encodeToString((":" + token).getBytes(UTF_8));
        Secrets.holdToken(token);
        Secrets.holdToken(encoded);
        return "Basic " + encoded;
    }
}
