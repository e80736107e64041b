package dev.agentreaper.azure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.agentreaper.azure.EntraIdentity.ClientSecret;
import dev.agentreaper.azure.EntraIdentity.ManagedIdentity;
import dev.agentreaper.azure.EntraIdentity.WorkloadIdentity;
import dev.agentreaper.health.Printable;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.network.ProxyServer;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong where a request for an access token brings none, in an operator's words.
 *
 * @param proxy that through which the token was asked for; null for none
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/reference-error-codes">Microsoft Entra's error codes</a>
 */
record TokenProblems(EntraIdentity identity, @Nullable ProxyServer proxy) {
    private static final Pattern CODE = Pattern.compile("AADSTS(\\d{1,9})");
    private static final Pattern FIRST_SENTENCE = Pattern.compile("(.*?\\.)(?:\\s.*)?", Pattern.DOTALL);
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:NAMESPACE:NAME";
    private static final String AUDIENCE = "api://AzureADTokenExchange";

    /** There was an answer, and no token in it. */
    Problem refused(int status, JsonNode body) {
        String description = body.path("error_description").asText("");
        String said = Printable.of(firstSentence(description));
        String trace = body.path("trace_id").asText("");
        Matcher matcher = CODE.matcher(description);
        String code = matcher.find() ? matcher.group(1) : "";
        return new Problem(
                code.isEmpty() ? "no token, HTTP " + status : "AADSTS" + code,
                "no access token from %s%s: HTTP %d%s%s."
                        .formatted(
                                server(),
                                RestClients.by(proxy),
                                status,
                                said.isEmpty() ? "" : ": " + said.replaceAll("\\.$", ""),
                                trace.isEmpty() ? "" : " (Trace ID " + Printable.of(trace) + ")"),
                cure(status, code, body.isObject()));
    }

    /** There was no answer that could be read. */
    Problem noAnswer(String reason) {
        return new Problem(
                "no token",
                "no usable answer from %s%s (%s).".formatted(server(), RestClients.by(proxy), Printable.of(reason)),
                proxy != null
                        ? RestClients.proxyCure(server())
                        : identity instanceof ManagedIdentity
                                ? "this is no Azure machine, or its metadata service can't be reached from here (network policy);"
                                        + " without it, set AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE, or AZURE_CLIENT_SECRET,"
                                        + " besides AZURE_CLIENT_ID."
                                : "see that AZURE_AUTHORITY_HOST is right, where it is set, and that %s can be reached from here (DNS,"
                                                .formatted(server())
                                        + " network policy, proxy, certificate).");
    }

    private URI server() {
        return switch (identity) {
            case WorkloadIdentity workload -> workload.authority();
            case ClientSecret secret -> secret.authority();
            case ManagedIdentity managed -> managed.metadata();
        };
    }

    private String cure(int status, String code, boolean readable) {
        if (status == 429 || status >= 500) {
            return "nothing: it is asked again after a while. Where this lasts, see the status page of Azure.";
        }
        if (!readable) {
            return proxy != null
                    ? RestClients.proxyCure(server())
                    : "something else answers in its place, such as a proxy: let the program reach %s."
                            .formatted(server());
        }
        return switch (identity) {
            case WorkloadIdentity workload -> cure(code, workload.tenantId(), proof(code, workload));
            case ClientSecret secret -> cure(code, secret.tenantId(), proof(code));
            case ManagedIdentity managed ->
                status == 404 || status == 410
                        ? "nothing: the metadata service is being updated, and is asked again after a while."
                        : "assign the identity with the client id %s to this machine (on AKS: to the node pool's scale set),"
                                        .formatted(managed.clientId())
                                + " or mend AZURE_CLIENT_ID.";
        };
    }

    /** @param proof the cure where it is the proof that is not taken */
    private String cure(String code, String tenant, String proof) {
        return switch (code) {
            case "700016" ->
                "set AZURE_CLIENT_ID to the client id of an identity of the tenant %s, or AZURE_TENANT_ID to the tenant that"
                                .formatted(tenant)
                        + " has the client %s.".formatted(identity.clientId());
            case "90002", "900021", "900023" ->
                "set AZURE_TENANT_ID to the id of the organization's tenant (Organization settings, Microsoft Entra), and"
                        + " AZURE_AUTHORITY_HOST to its cloud's address; the tenant is %s now.".formatted(tenant);
            case "500011" ->
                "set AZURE_TENANT_ID to the tenant that the organization is connected to (Organization settings, Microsoft"
                        + " Entra); in %s Azure DevOps is not known.".formatted(tenant);
            default -> proof;
        };
    }

    private String proof(String code) {
        String reset = "az ad app credential reset --append --id " + identity.clientId();
        return switch (code) {
            case "7000215" ->
                "put the value of the client's secret, which is not the secret's id, into AZURE_CLIENT_SECRET. A new one: %s"
                        .formatted(reset);
            case "7000222" -> "make a new secret and put it into AZURE_CLIENT_SECRET: %s".formatted(reset);
            default -> lookUp(code, "AZURE_CLIENT_SECRET");
        };
    }

    private String proof(String code, WorkloadIdentity workload) {
        if (code.startsWith("70021")) {
            JsonNode claims = claims(workload);
            JsonNode audience = claims.path("aud");
            return ("give the identity with the client id %s a federated credential with exactly the issuer %s, the subject %s"
                            + " and the audience %s (az identity federated-credential create).")
                    .formatted(
                            workload.clientId(),
                            claim(claims.path("iss"), "of the cluster"),
                            claim(claims.path("sub"), SERVICE_ACCOUNT),
                            claim(audience.isArray() ? audience.path(0) : audience, AUDIENCE));
        }
        return switch (code) {
            case "700024" ->
                "see that the token in %s is renewed, as the kubelet does with a projected service account token, and that"
                                .formatted(workload.tokenFile())
                        + " the node's clock is right.";
            case "50027", "700027" ->
                "see that %s holds a token of the pod's service account, and that the cluster's issuer can be reached by"
                                .formatted(workload.tokenFile())
                        + " Microsoft Entra.";
            default -> lookUp(code, "AZURE_FEDERATED_TOKEN_FILE");
        };
    }

    private String lookUp(String code, String proof) {
        String settings = "see that AZURE_TENANT_ID, AZURE_CLIENT_ID and %s are right".formatted(proof);
        return code.isEmpty()
                ? settings + "."
                : "look it up at https://login.microsoftonline.com/error?code=%s, and %s.".formatted(code, settings);
    }

    private static JsonNode claims(WorkloadIdentity workload) {
        try {
            return FederatedToken.in(workload.tokenFile()).claims();
        } catch (ProblemException e) {
            return MissingNode.getInstance();
        }
    }

    private static String claim(JsonNode claim, String otherwise) {
        return claim.isTextual() ? Printable.of(claim.asText()) : otherwise;
    }

    private static String firstSentence(String text) {
        String line = text.lines().findFirst().orElse("").replaceAll(" Trace ID:.*", "");
        Matcher matcher = FIRST_SENTENCE.matcher(line);
        return matcher.matches() ? matcher.group(1) : line;
    }
}
