package dev.agentreaper.azure.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.log.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** A token of a Kubernetes service account by which Microsoft Entra is to know us; a JWT. */
record FederatedToken(String value) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The one that is in the file now. */
    static FederatedToken in(Path file) throws ProblemException {
        String token;
        try {
            token = Files.readString(file).strip();
        } catch (IOException e) {
            throw new ProblemException(problem(file, "can't be read"), e);
        }
        if (token.isEmpty()) {
            throw new ProblemException(problem(file, "is empty"));
        }
        Secrets.holdToken(token);
        return new FederatedToken(token);
    }

    private static Problem problem(Path file, String what) {
        return new Problem(
                "no credential",
                "the federated token file %s %s.".formatted(file, what),
                ("mount a token of the pod's service account with the audience api://AzureADTokenExchange at %s, as the component"
                                + " workload-identity does, and AKS for pods with the label azure.workload.identity/use: \"true\";"
                                + " it is read again. Where it is mounted elsewhere, set AZURE_FEDERATED_TOKEN_FILE to its path (in"
                                + " the file, entra.federated-token-file), as in"
                                + " AZURE_FEDERATED_TOKEN_FILE=/var/run/secrets/azure/tokens/azure-identity-token.")
                        .formatted(file));
    }

    /** What it says of itself, such as {@code iss}, {@code sub} and {@code aud}; nothing where it can't be read. */
    JsonNode claims() {
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(value.split("\\.", 3)[1]));
            return claims == null ? MissingNode.getInstance() : claims;
        } catch (IOException | RuntimeException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public String toString() {
        return "a federated token";
    }
}
