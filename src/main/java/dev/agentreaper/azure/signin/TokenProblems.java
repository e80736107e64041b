package dev.agentreaper.azure.signin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.agentreaper.azure.signin.EntraIdentity.ClientSecret;
import dev.agentreaper.azure.signin.EntraIdentity.ManagedIdentity;
import dev.agentreaper.azure.signin.EntraIdentity.WorkloadIdentity;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.log.Printable;
import dev.agentreaper.network.NoAnswer;
import dev.agentreaper.network.ProxyServer;
import java.time.Duration;
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
    private static final String OF_TENANT =
            "in Azure DevOps, under Organization settings, Microsoft Entra, copy the tenant's id; "
                    + set("AZURE_TENANT_ID", "entra.tenant-id", "11111111-2222-3333-4444-555555555555");

    /** There was an answer, and no token in it. */
    Problem refused(int status, JsonNode body) {
        String description = body.path("error_description").asText("");
        String said = Printable.of(firstSentence(description));
        String trace = body.path("trace_id").asText("");
        Matcher matcher = CODE.matcher(description);
        String code = matcher.find() ? matcher.group(1) : "";
        return new Problem(
                code.isEmpty() ? "no token, HTTP " + status : "AADSTS" + code,
                "no access token from %s%s: %sHTTP %d%s%s."
                        .formatted(
                                identity.server(),
                                NoAnswer.by(proxy),
                                inWords(code),
                                status,
                                said.isEmpty() ? "" : ": " + said.replaceAll("\\.$", ""),
                                trace.isEmpty() ? "" : " (Trace ID " + Printable.of(trace) + ")"),
                cure(status, code, body.isObject()));
    }

    /** What the code says, to be said before it; empty where it is none that is known here. */
    private String inWords(String code) {
        String words = switch (code) {
            case "90002", "900021", "900023" -> "there is no tenant " + tenant();
            case "700016" -> "the tenant %s has no client %s".formatted(tenant(), identity.clientId());
            case "500011" -> "the tenant %s does not know Azure DevOps".formatted(tenant());
            case "7000215" -> "the client secret is wrong";
            case "7000222" -> "the client secret has expired";
            case "700211", "700212", "700213" -> "the client has no federated credential for this token";
            case "700024" -> "the federated token has ended, or a clock is wrong";
            case "50027", "700027" -> "the federated token can't be read or verified";
            default -> "";
        };
        return words.isEmpty() ? "" : words + ". ";
    }

    private String tenant() {
        return switch (identity) {
            case WorkloadIdentity workload -> workload.tenantId();
            case ClientSecret secret -> secret.tenantId();
            case ManagedIdentity _ -> "of the machine";
        };
    }

    /** There was no answer that could be read. */
    Problem noAnswer(Exception failure, Duration answerWithin) {
        return new Problem(
                "no token",
                "no usable answer from %s%s (%s)."
                        .formatted(
                                identity.server(),
                                NoAnswer.by(proxy),
                                Printable.of(NoAnswer.reason(failure, answerWithin))),
                NoAnswer.cure(
                        identity.server(),
                        proxy,
                        failure,
                        identity instanceof ManagedIdentity
                                ? "this is no Azure machine, or its metadata service can't be reached from here (network policy);"
                                        + " without it, set AZURE_TENANT_ID and AZURE_FEDERATED_TOKEN_FILE, or AZURE_CLIENT_SECRET,"
                                        + " besides AZURE_CLIENT_ID."
                                : "see that AZURE_AUTHORITY_HOST is right, where it is set, and that %s can be reached from here (DNS,"
                                                .formatted(identity.server())
                                        + " network policy, proxy, certificate)."));
    }

    private String cure(int status, String code, boolean readable) {
        if (status == 429 || status >= 500) {
            return "nothing: it is asked again after a while. Where this lasts, see the status page of Azure.";
        }
        if (!readable) {
            return proxy != null
                    ? status == 407
                            ? NoAnswer.cureOfLogin(identity.server(), proxy)
                            : NoAnswer.cureOfProxy(identity.server(), proxy)
                    : "something else answers in its place, such as a proxy: let the program reach %s."
                            .formatted(identity.server());
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
                "at https://entra.microsoft.com in the tenant %s, under App registrations, All applications, open the application and"
                                .formatted(tenant)
                        + " copy its Application (client) ID (of a managed identity: at https://portal.azure.com, Managed"
                        + " Identities, its Client ID); "
                        + set("AZURE_CLIENT_ID", "entra.client-id", "66666666-7777-8888-9999-000000000000")
                        + " Where it is there as %s: ".formatted(identity.clientId())
                        + OF_TENANT;
            case "90002", "900021", "900023" ->
                OF_TENANT
                        + " Where that is %s: set AZURE_AUTHORITY_HOST to its cloud's address (in the file, entra.authority-host),"
                                .formatted(tenant)
                        + " as in AZURE_AUTHORITY_HOST=https://login.microsoftonline.us.";
            case "500011" -> OF_TENANT;
            default -> proof;
        };
    }

    /** Where what has just been copied belongs. */
    private static String set(String variable, String yaml, String example) {
        return "set %1$s to it (in the file, %2$s), as in %1$s=%3$s.".formatted(variable, yaml, example);
    }

    private String proof(String code) {
        return switch (code) {
            case "7000215", "7000222" ->
                "make a new secret: at https://entra.microsoft.com, under App registrations, All applications, open the application with the"
                        + " client ID %s, Certificates & secrets, New client secret, and copy its Value, which is not the secret's id"
                                .formatted(identity.clientId())
                        + " (or: az ad app credential reset --append --id %s --query password --output tsv); "
                                .formatted(identity.clientId())
                        + set("AZURE_CLIENT_SECRET", "entra.client-secret", "'the value'");
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
