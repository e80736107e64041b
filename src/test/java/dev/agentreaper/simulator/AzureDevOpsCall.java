package dev.agentreaper.simulator;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.DISCOVER;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_POOLS;
import static dev.agentreaper.simulator.AzureDevOpsOperation.OTHER;

import dev.agentreaper.simulator.LoopbackHttpServer.Request;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request, understood: paths and the names of query parameters ignore case, as in the service. */
record AzureDevOpsCall(
        AzureDevOpsOperation operation,
        @Nullable Integer poolId,
        @Nullable Integer agentId,
        Map<String, String> query) {

    private static final Pattern DISCOVERY = Pattern.compile(
            "OPTIONS /_apis/(Location|distributedtask)|GET /_apis/ResourceAreas", Pattern.CASE_INSENSITIVE);
    private static final Pattern POOLS = Pattern.compile(
            "/_apis/distributedtask/pools(/(?<pool>\\d{1,9})(?<agents>/agents(/(?<agent>\\d{1,9}))?)?)?",
            Pattern.CASE_INSENSITIVE);

    static AzureDevOpsCall of(Request request, String basePath) {
        Map<String, String> query = query(request);
        String path = request.path();
        if (!path.regionMatches(true, 0, basePath, 0, basePath.length())) {
            return new AzureDevOpsCall(OTHER, null, null, query);
        }
        String resource = path.substring(basePath.length());
        if (DISCOVERY.matcher(request.method() + " " + resource).matches()) {
            return new AzureDevOpsCall(DISCOVER, null, null, query);
        }
        Matcher pools = POOLS.matcher(resource);
        if (!pools.matches()) {
            return new AzureDevOpsCall(OTHER, null, null, query);
        }
        Integer pool = number(pools.group("pool"));
        Integer agent = number(pools.group("agent"));
        AzureDevOpsOperation operation = switch (request.method()) {
            case "DELETE" -> agent == null ? OTHER : DELETE_AGENT;
            case "GET" -> {
                if (agent != null) {
                    yield GET_AGENT;
                }
                if (pools.group("agents") != null) {
                    yield query.containsKey("agentName") ? FIND_AGENT : LIST_AGENTS;
                }
                if (pool != null) {
                    yield GET_POOL;
                }
                yield query.containsKey("poolName") ? FIND_POOL : LIST_POOLS;
            }
            default -> OTHER;
        };
        return new AzureDevOpsCall(operation, pool, agent, query);
    }

    boolean asksFor(String parameter) {
        return Boolean.parseBoolean(query.get(parameter));
    }

    private static @Nullable Integer number(@Nullable String digits) {
        return digits == null ? null : Integer.valueOf(digits);
    }

    /** The parameters that have a value. */
    private static Map<String, String> query(Request request) {
        Map<String, String> query = request.query();
        query.values().removeIf(String::isEmpty);
        return query;
    }
}
