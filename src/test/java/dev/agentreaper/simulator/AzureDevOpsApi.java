package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.simulator.AzureDevOpsPool.Registration;
import dev.agentreaper.simulator.EntraSimulator.Standing;
import dev.agentreaper.simulator.LoopbackHttpServer.Request;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The REST API as documented, for callers with the one token, or with one of Microsoft Entra. See the
 * <a href="https://learn.microsoft.com/rest/api/azure/devops/distributedtask/agents">reference</a>.
 */
final class AzureDevOpsApi {
    private static final List<String> AUTOMATION = List.of("automation", "1");
    private static final List<String> MANAGE = List.of("manage", "2");

    private final AzureDevOpsPools pools;
    private final InstantSource clock;
    private volatile AzureDevOpsApiVersions versions = new AzureDevOpsApiVersions("7.1", "7.2");
    private volatile String token;
    private volatile Function<String, Standing> entra = bearer -> Standing.UNKNOWN;

    AzureDevOpsApi(AzureDevOpsPools pools, InstantSource clock, String token) {
        this.pools = pools;
        this.clock = clock;
        this.token = token;
    }

    String token() {
        return token;
    }

    void token(String accepted) {
        token = accepted;
    }

    /** @param judge what a bearer token is worth */
    void entra(Function<String, Standing> judge) {
        entra = judge;
    }

    void versions(AzureDevOpsApiVersions accepted) {
        versions = accepted;
    }

    Response answer(AzureDevOpsCall call, Request request, URI organization, Instant received) {
        return switch (standing(request.headers().getOrDefault("Authorization", ""))) {
            case VALID -> versions.refusal(request, call).orElseGet(() -> serve(call, request, organization, received));
            case REVOKED -> AzureDevOpsErrors.insufficientClaims();
            case ENDED, UNKNOWN -> AzureDevOpsErrors.unauthorized();
        };
    }

    /** Adds the headers that the service puts on whatever it answers. */
    Response stamped(Response response) {
        String activity = UUID.randomUUID().toString();
        return response.with(
                        "Date",
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                clock.instant().atOffset(ZoneOffset.UTC)))
                .with("ActivityId", activity)
                .with("X-VSS-E2EID", activity);
    }

    private Response serve(AzureDevOpsCall call, Request request, URI organization, Instant received) {
        return switch (call.operation()) {
            case DISCOVER -> AzureDevOpsJson.response(200, discovery(request.path(), organization));
            case LIST_POOLS, FIND_POOL ->
                AzureDevOpsJson.response(
                        200,
                        AzureDevOpsJson.list(
                                poolsThatMatch(call).map(AzureDevOpsJson::pool).toList()));
            case GET_POOL -> inPool(call, pool -> AzureDevOpsJson.response(200, AzureDevOpsJson.pool(pool)));
            case LIST_AGENTS, FIND_AGENT ->
                inPool(call, pool -> AzureDevOpsJson.response(200, agents(pool, call, organization)));
            case GET_AGENT -> inPool(call, pool -> agent(pool, call, organization));
            case DELETE_AGENT -> inPool(call, pool -> delete(pool, call, received));
            case OTHER -> AzureDevOpsErrors.html(404, "Page not found");
        };
    }

    private Standing standing(String authorization) {
        String[] parts = authorization.split(" ", 2);
        if (parts.length == 1) {
            return Standing.UNKNOWN;
        }
        String accepted = token;
        return switch (parts[0]) {
            case "Bearer" -> parts[1].equals(accepted) ? Standing.VALID : entra.apply(parts[1]);
            case "Basic" -> password(parts[1]).equals(Optional.of(accepted)) ? Standing.VALID : Standing.UNKNOWN;
            default -> Standing.UNKNOWN;
        };
    }

    /** The password of Basic credentials, whoever the user: the service looks at the token only. */
    private static Optional<String> password(String credentials) {
        try {
            String plain = new String(Base64.getDecoder().decode(credentials), UTF_8);
            return Optional.of(plain.substring(plain.indexOf(':') + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Stream<AzureDevOpsPool> poolsThatMatch(AzureDevOpsCall call) {
        String name = call.query().get("poolName");
        String type = call.query().get("poolType");
        String action = call.query().getOrDefault("actionFilter", "none");
        Predicate<AzureDevOpsPool> named = pool -> name == null || pool.name().equalsIgnoreCase(name);
        Predicate<AzureDevOpsPool> typed =
                pool -> type == null || pool.poolType().equals("automation") == AUTOMATION.contains(type);
        Predicate<AzureDevOpsPool> permitted = pool -> pool.isManageable() || !MANAGE.contains(action);
        return pools.all().stream().filter(named.and(typed).and(permitted));
    }

    private Response inPool(AzureDevOpsCall call, Function<AzureDevOpsPool, Response> answer) {
        int id = Objects.requireNonNull(call.poolId());
        return pools.byId(id).map(answer).orElseGet(() -> AzureDevOpsErrors.poolNotFound(id));
    }

    private static ObjectNode agents(AzureDevOpsPool pool, AzureDevOpsCall call, URI organization) {
        String name = call.query().get("agentName");
        Predicate<Registration> named =
                known -> name == null || known.agent().name().equalsIgnoreCase(name);
        return AzureDevOpsJson.list(pool.registrations().stream()
                .filter(named)
                .map(known -> AzureDevOpsJson.agent(known, pool.id(), organization, call))
                .toList());
    }

    private static Response agent(AzureDevOpsPool pool, AzureDevOpsCall call, URI organization) {
        int id = Objects.requireNonNull(call.agentId());
        return pool.registration(id)
                .map(known ->
                        AzureDevOpsJson.response(200, AzureDevOpsJson.agent(known, pool.id(), organization, call)))
                .orElseGet(() -> AzureDevOpsErrors.agentNotFound(id, pool.id()));
    }

    private static Response delete(AzureDevOpsPool pool, AzureDevOpsCall call, Instant received) {
        if (!pool.isManageable()) {
            return AzureDevOpsErrors.needsManage(pool.name());
        }
        int id = Objects.requireNonNull(call.agentId());
        return pool.delete(id, received)
                .map(agent -> agent.assignedRequest()
                        ? AzureDevOpsErrors.jobStillRunning(agent.name(), pool.name())
                        : new Response(Response.NO_CONTENT, Map.of(), ""))
                .orElseGet(() -> AzureDevOpsErrors.agentNotFound(id, pool.id()));
    }

    private ObjectNode discovery(String path, URI organization) {
        return AzureDevOpsDiscovery.answer(path.substring(path.lastIndexOf('/') + 1), organization, versions);
    }
}
