package dev.agentreaper.simulator;

import dev.agentreaper.simulator.EntraClient.Federation;
import dev.agentreaper.simulator.LoopbackHttpServer.Connection;
import dev.agentreaper.simulator.LoopbackHttpServer.Request;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.io.IOException;
import java.net.URI;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Microsoft Entra with one tenant, and the metadata service of an Azure machine, on the loopback interface: the part of both
 * that gives access tokens to Azure DevOps. Every method may be called at any time, from any thread. See
 * <a href="https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow">the client credentials
 * flow</a> and
 * <a href="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token">tokens of
 * managed identities</a>.
 */
public final class EntraSimulator implements AutoCloseable {
    private static final String AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798";
    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Pattern TOKEN_ENDPOINT = Pattern.compile("/([^/]+)/oauth2/v2\\.0/token");

    private final InstantSource clock;
    private final String tenant = UUID.randomUUID().toString();
    private final Set<String> domains = ConcurrentHashMap.newKeySet();
    private final Map<String, EntraClient> clients = new ConcurrentHashMap<>();
    private final Map<String, PublicKey> issuers = new ConcurrentHashMap<>();
    private final Map<String, Issued> tokens = new ConcurrentHashMap<>();
    private final List<TokenRequest> requests = new CopyOnWriteArrayList<>();
    private final Deque<Response> faults = new ArrayDeque<>();
    private final LoopbackHttpServer server;
    private volatile Duration life = Duration.ofHours(1);
    private volatile Duration delay = Duration.ZERO;
    private volatile int underWay;

    private EntraSimulator(InstantSource clock) {
        this.clock = clock;
        this.server = new LoopbackHttpServer(0, this::answer);
    }

    private EntraSimulator(ServerCertificate certificate) {
        this.clock = InstantSource.system();
        this.server = new LoopbackHttpServer(0, certificate, this::answer);
    }

    public static EntraSimulator start() {
        return start(InstantSource.system());
    }

    /** Starts with a clock of its own, by which tokens end. */
    public static EntraSimulator start(InstantSource clock) {
        return new EntraSimulator(clock);
    }

    /** Starts with HTTPS. */
    public static EntraSimulator start(ServerCertificate certificate) {
        return new EntraSimulator(certificate);
    }

    /** What a bearer token is worth to Azure DevOps. */
    public enum Standing {
        VALID,
        ENDED,
        REVOKED,
        UNKNOWN
    }

    /**
     * A request for a token.
     *
     * @param headers by their names, which ignore case
     * @param parameters the fields of the form, or the query of the metadata service; their names ignore case
     * @param status what was answered
     */
    public record TokenRequest(
            Instant received, String path, Map<String, String> headers, Map<String, String> parameters, int status) {}

    private record Issued(String client, Instant end, boolean revoked) {}

    /** The address of Microsoft Entra, and of the metadata service. */
    public URI url() {
        return server.url();
    }

    /** The id of the one tenant. */
    public String tenant() {
        return tenant;
    }

    /** Adds a domain by which the tenant is known besides its id. */
    public void addDomain(String domain) {
        domains.add(domain);
    }

    /** The identity of this client id, created if there is none. */
    public EntraClient client(String id) {
        return clients.computeIfAbsent(id, EntraClient::new);
    }

    /** Lets it know a cluster: by what key its tokens of service accounts are signed, with RS256. */
    public void addIssuer(String issuer, PublicKey key) {
        issuers.put(issuer, key);
    }

    /** Deletes the identity; its tokens stay. */
    public void delete(EntraClient client) {
        clients.remove(client.id());
    }

    /** How long the tokens last that are issued from now on; an hour at first. */
    public void tokensLast(Duration time) {
        life = time;
    }

    /** Lets Azure DevOps refuse all tokens that were issued so far. */
    public void revokeTokens() {
        tokens.replaceAll((token, issued) -> new Issued(issued.client(), issued.end(), true));
    }

    public Standing standing(String token) {
        Issued issued = tokens.get(token);
        if (issued == null) {
            return Standing.UNKNOWN;
        }
        if (issued.revoked()) {
            return Standing.REVOKED;
        }
        return clock.instant().isBefore(issued.end()) ? Standing.VALID : Standing.ENDED;
    }

    /** The client id of whoever signs in with this value of the Authorization header; nothing if no token of ours is in it. */
    public Optional<String> clientOf(String authorization) {
        return Optional.ofNullable(tokens.get(authorization.replaceFirst("^Bearer ", "")))
                .map(Issued::client);
    }

    /** All tokens that were issued so far. */
    public List<String> tokens() {
        return List.copyOf(tokens.keySet());
    }

    /** All requests that were answered, in that order. */
    public List<TokenRequest> requests() {
        return List.copyOf(requests);
    }

    /** How many requests have arrived and are not answered yet. */
    public int underWay() {
        return underWay;
    }

    /** Puts this time before each answer. */
    public void answerAfter(Duration time) {
        delay = time;
    }

    /** Gives this answer to the next request in place of a token. */
    public void answerNext(int status, Map<String, String> headers, String body) {
        synchronized (faults) {
            faults.add(new Response(status, headers, body));
        }
    }

    /** Refuses the next request with an error of Microsoft Entra. */
    public void refuseNext(int status, int code, String description) {
        Response refusal = EntraErrors.entra(status, "invalid_client", code, description);
        answerNext(refusal.status(), refusal.headers(), refusal.body());
    }

    /** Stops listening, and ends the open connections. */
    public void refuseConnections() {
        server.close();
    }

    /** Listens again on the same port. */
    public void heal() {
        server.reopen();
    }

    @Override
    public void close() {
        server.close();
    }

    private void answer(Request request, Connection connection) throws IOException, InterruptedException {
        Map<String, String> parameters = request.method().equals("POST") ? request.form() : request.query();
        synchronized (faults) {
            underWay++;
        }
        Thread.sleep(delay);
        Response planned;
        synchronized (faults) {
            underWay--;
            planned = faults.poll();
        }
        Response response = planned == null ? serve(request, parameters) : planned;
        requests.add(
                new TokenRequest(clock.instant(), request.path(), request.headers(), parameters, response.status()));
        connection.send(response);
    }

    private Response serve(Request request, Map<String, String> parameters) {
        Matcher endpoint = TOKEN_ENDPOINT.matcher(request.path());
        if (request.method().equals("POST") && endpoint.matches()) {
            return entra(endpoint.group(1), request, parameters);
        }
        if (request.method().equals("GET") && request.path().equals("/metadata/identity/oauth2/token")) {
            return metadata(request, parameters);
        }
        return AzureDevOpsErrors.html(404, "Not found");
    }

    private Response entra(String asked, Request request, Map<String, String> form) {
        if (!request.headers().getOrDefault("Content-Type", "").startsWith("application/x-www-form-urlencoded")) {
            return EntraErrors.malformed("grant_type");
        }
        if (!asked.equals(tenant) && !domains.contains(asked)) {
            return EntraErrors.noSuchTenant(asked);
        }
        if (!"client_credentials".equals(form.get("grant_type"))) {
            return EntraErrors.malformed("grant_type");
        }
        if (!(AZURE_DEVOPS + "/.default").equals(form.get("scope"))) {
            return EntraErrors.malformed("scope");
        }
        String id = form.getOrDefault("client_id", "");
        EntraClient client = clients.get(id);
        if (client == null) {
            return EntraErrors.noSuchClient(id, tenant);
        }
        return refusal(client, form).orElseGet(() -> {
            long seconds = life.toSeconds();
            return AzureDevOpsJson.response(
                    200,
                    AzureDevOpsJson.object()
                            .put("token_type", "Bearer")
                            .put("expires_in", seconds)
                            .put("ext_expires_in", seconds)
                            .put("access_token", issue(client)));
        });
    }

    private Optional<Response> refusal(EntraClient client, Map<String, String> form) {
        String secret = form.get("client_secret");
        String assertion = form.get("client_assertion");
        if (secret != null && assertion == null) {
            if (!client.hasSecret(secret)) {
                return Optional.of(EntraErrors.wrongSecret(client.id()));
            }
            return client.hasExpired(secret) ? Optional.of(EntraErrors.expiredSecret(client.id())) : Optional.empty();
        }
        if (assertion == null || secret != null || !JWT_BEARER.equals(form.get("client_assertion_type"))) {
            return Optional.of(EntraErrors.malformed("client_assertion"));
        }
        return ServiceAccountToken.read(assertion, issuers)
                .map(token -> refusal(client, token))
                .orElseGet(() -> Optional.of(EntraErrors.noToken()));
    }

    private Optional<Response> refusal(EntraClient client, ServiceAccountToken token) {
        Instant now = clock.instant();
        if (!now.isBefore(token.end())) {
            return Optional.of(EntraErrors.assertionExpired(now, token.end()));
        }
        List<Federation> ofIssuer = client.federations().stream()
                .filter(federation -> federation.issuer().equals(token.issuer()))
                .toList();
        if (ofIssuer.isEmpty()) {
            return Optional.of(EntraErrors.noFederation(700211, "issuer", token.issuer()));
        }
        List<Federation> ofSubject = ofIssuer.stream()
                .filter(federation -> federation.subject().equals(token.subject()))
                .toList();
        if (ofSubject.isEmpty()) {
            return Optional.of(EntraErrors.noFederation(700213, "subject", token.subject()));
        }
        return ofSubject.stream().anyMatch(federation -> federation.audience().equals(token.audience()))
                ? Optional.empty()
                : Optional.of(EntraErrors.noFederation(700212, "audience", token.audience()));
    }

    /** All of its values are strings, as those of the real service. */
    private Response metadata(Request request, Map<String, String> query) {
        if (!"true".equals(request.headers().get("Metadata"))
                || request.headers().containsKey("X-Forwarded-For")) {
            return EntraErrors.metadata("Required metadata header not specified");
        }
        if (!"2018-02-01".equals(query.get("api-version")) || !AZURE_DEVOPS.equals(query.get("resource"))) {
            return EntraErrors.metadata("Required query parameter missing");
        }
        EntraClient client = clients.get(query.getOrDefault("client_id", ""));
        if (client == null || !client.isOnMachine()) {
            return EntraErrors.noIdentity();
        }
        String token = issue(client);
        long seconds = life.toSeconds();
        return AzureDevOpsJson.response(
                200,
                AzureDevOpsJson.object()
                        .put("access_token", token)
                        .put("client_id", client.id())
                        .put("expires_in", Long.toString(seconds))
                        .put(
                                "expires_on",
                                Long.toString(
                                        clock.instant().plusSeconds(seconds).getEpochSecond()))
                        .put("ext_expires_in", Long.toString(seconds))
                        .put("resource", AZURE_DEVOPS)
                        .put("token_type", "Bearer"));
    }

    private String issue(EntraClient client) {
        String token = "entra0token." + UUID.randomUUID();
        tokens.put(token, new Issued(client.id(), clock.instant().plus(life), false));
        return token;
    }
}
