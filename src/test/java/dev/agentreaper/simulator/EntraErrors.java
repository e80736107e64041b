package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** The refusals of Microsoft Entra and of a machine's metadata service, in their own words. */
final class EntraErrors {
    private EntraErrors() {}

    static Response noSuchTenant(String tenant) {
        return entra(
                400,
                "invalid_request",
                90002,
                "Tenant '" + tenant
                        + "' not found. Check to make sure you have the correct tenant ID and are signing into"
                        + " the correct cloud. Check with your subscription administrator, this may happen if there are no"
                        + " active subscriptions for the tenant.");
    }

    static Response noSuchClient(String client, String tenant) {
        return entra(
                400,
                "unauthorized_client",
                700016,
                "Application with identifier '" + client + "' was not found in the directory '" + tenant + "'. This can"
                        + " happen if the application has not been installed by the administrator of the tenant or"
                        + " consented to by any user in the tenant. You may have sent your authentication request to the"
                        + " wrong tenant.");
    }

    static Response malformed(String what) {
        return entra(
                400,
                "invalid_request",
                900144,
                "The request body must contain the following parameter: '" + what + "'.");
    }

    static Response wrongSecret(String client) {
        return entra(
                401,
                "invalid_client",
                7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not"
                        + " the client secret ID, for a secret added to app '" + client + "'.");
    }

    static Response expiredSecret(String client) {
        return entra(
                401,
                "invalid_client",
                7000222,
                "The provided client secret keys for app '" + client
                        + "' are expired. Visit the Azure portal to create new"
                        + " keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for"
                        + " added security: https://aka.ms/certCreds.");
    }

    static Response noToken() {
        return entra(401, "invalid_client", 50027, "JWT token is invalid or malformed.");
    }

    static Response assertionExpired(Instant now, Instant end) {
        return entra(
                401,
                "invalid_client",
                700024,
                "Client assertion is not within its valid time range. Current time: " + now
                        + ", expiry time of assertion: " + end + ". Review the documentation.");
    }

    /** @param what {@code issuer}, {@code subject} or {@code audience} */
    static Response noFederation(int code, String what, String presented) {
        return entra(
                401,
                "invalid_client",
                code,
                "No matching federated identity record found for presented assertion " + what + " '" + presented
                        + "'. Check your federated identity credential Subject, Audience and Issuer against the presented"
                        + " assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation");
    }

    static Response noIdentity() {
        return metadata("Identity not found");
    }

    static Response metadata(String description) {
        return AzureDevOpsJson.response(
                400, AzureDevOpsJson.object().put("error", "invalid_request").put("error_description", description));
    }

    static Response entra(int status, String error, int code, String description) {
        String trace = UUID.randomUUID().toString();
        String correlation = UUID.randomUUID().toString();
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode body = AzureDevOpsJson.object()
                .put("error", error)
                .put(
                        "error_description",
                        "AADSTS%d: %s Trace ID: %s Correlation ID: %s Timestamp: %s"
                                .formatted(code, description, trace, correlation, now))
                .put("timestamp", now)
                .put("trace_id", trace)
                .put("correlation_id", correlation)
                .put("error_uri", "https://login.microsoftonline.com/error?code=" + code);
        body.putArray("error_codes").add(code);
        return AzureDevOpsJson.response(status, body);
    }
}
