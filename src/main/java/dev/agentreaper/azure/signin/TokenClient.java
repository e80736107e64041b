package dev.agentreaper.azure.signin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.agentreaper.azure.signin.EntraIdentity.ClientSecret;
import dev.agentreaper.azure.signin.EntraIdentity.ManagedIdentity;
import dev.agentreaper.azure.signin.EntraIdentity.WorkloadIdentity;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.log.Secrets;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.network.ProxyServer;
import dev.agentreaper.network.RestClients;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks for access tokens to Azure DevOps: Microsoft Entra, or the metadata service of the machine. */
final class TokenClient {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration COMPLETE_WITHIN = Duration.ofMinutes(1);
    private static final int READ_AT_MOST = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Azure DevOps, by the application id that it has in every tenant. */
    private static final String AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798";

    private static final String SCOPE = AZURE_DEVOPS + "/.default";
    private static final String GRANT = "client_credentials";
    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /** What a header can carry. */
    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    /** A request for a token. */
    private interface Request {
        Response send() throws ProblemException;
    }

    private final Request request;
    private final TokenProblems problems;
    private final InstantSource clock;

    TokenClient(
            EntraIdentity identity,
            @Nullable KeyStore trusted,
            Proxies proxies,
            String userAgent,
            InstantSource clock) {
        // Each machine has a metadata service of its own, which no proxy can reach for it.
        ProxyServer proxy = identity instanceof ManagedIdentity ? null : proxies.to(identity.server());
        this.request = request(identity, trusted, proxy, userAgent);
        this.problems = new TokenProblems(identity, proxy);
        this.clock = clock;
    }

    private static Request request(
            EntraIdentity identity, @Nullable KeyStore trusted, @Nullable ProxyServer proxy, String userAgent) {
        return switch (identity) {
            case WorkloadIdentity(URI authority, String tenant, String client, var file) -> {
                EntraTokenApi api = RestClients.to(authority, trusted, proxy, ANSWER_WITHIN, userAgent)
                        .build(EntraTokenApi.class);
                yield () -> api.byAssertion(
                        tenant,
                        GRANT,
                        client,
                        SCOPE,
                        JWT_BEARER,
                        FederatedToken.in(file).value());
            }
            case ClientSecret(URI authority, String tenant, String client, String secret) -> {
                EntraTokenApi api = RestClients.to(authority, trusted, proxy, ANSWER_WITHIN, userAgent)
                        .build(EntraTokenApi.class);
                Secrets.hold(secret);
                yield () -> api.bySecret(tenant, GRANT, client, SCOPE, secret);
            }
            case ManagedIdentity(URI metadata, String client) -> {
                InstanceMetadataApi api = RestClients.to(metadata, null, null, ANSWER_WITHIN, userAgent)
                        .build(InstanceMetadataApi.class);
                yield () -> api.token(true, AZURE_DEVOPS, client);
            }
        };
    }

    /**
     * Makes one request.
     *
     * @throws TokenRequestException if it brings no token
     * @throws ProblemException if we lack what it takes to ask
     */
    AccessToken ask() throws ProblemException {
        Instant askedAt = clock.instant();
        try (Response response = request.send()) {
            JsonNode body = read(RestClients.body(response, askedAt.plus(COMPLETE_WITHIN), clock));
            String token = body.path("access_token").asText("");
            Duration life = Duration.ofSeconds(body.path("expires_in").asLong());
            Secrets.holdToken(token);
            if (response.getStatus() != 200 || !TOKEN.matcher(token).matches() || !life.isPositive()) {
                throw new TokenRequestException(
                        problems.refused(response.getStatus(), body), RestClients.retryAfter(response));
            }
            return AccessToken.lasting(life, token, askedAt);
        } catch (ProblemException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new TokenRequestException(problems.noAnswer(e, ANSWER_WITHIN), Duration.ZERO);
        }
    }

    /** The body; what is no JSON is nothing. */
    private static JsonNode read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(READ_AT_MOST);
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
