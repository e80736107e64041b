package dev.agentreaper.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.simulator.AzureDevOpsPool.Registration;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pools, agents and lists in the words of the REST API. */
final class AzureDevOpsJson {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final List<String> CAPABILITIES = List.of("systemCapabilities", "userCapabilities");

    private AzureDevOpsJson() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }

    static Response response(int status, JsonNode body) {
        return new Response(status, Map.of("Content-Type", "application/json; charset=utf-8"), body.toString());
    }

    static ObjectNode list(List<? extends JsonNode> values) {
        ObjectNode list = object().put("count", values.size());
        list.putArray("value").addAll(values);
        return list;
    }

    static ObjectNode pool(AzureDevOpsPool pool) {
        return object().put("id", pool.id())
                .put("name", pool.name())
                .put("isHosted", pool.isHosted())
                .put("isLegacy", false)
                .put("poolType", pool.poolType())
                .put("options", pool.options())
                .put("size", pool.agents().size());
    }

    static JsonNode agent(Registration registration, int poolId, URI organization, AzureDevOpsCall call) {
        JsonNode raw = registration.raw();
        JsonNode agent = raw == null ? agent(registration.agent(), poolId, organization) : raw.deepCopy();
        if (agent instanceof ObjectNode fields) {
            if (!call.asksFor("includeCapabilities")) {
                fields.remove(CAPABILITIES);
            }
            if (!call.asksFor("includeAssignedRequest")) {
                fields.remove("assignedRequest");
            }
        }
        return agent;
    }

    private static ObjectNode agent(SimulatedAgent agent, int poolId, URI organization) {
        ObjectNode json = object().put("id", agent.id())
                .put("name", agent.name())
                .put("version", "4.255.0")
                .put("osDescription", "Linux")
                .put("enabled", agent.enabled())
                .put("status", agent.status())
                .put("provisioningState", "Provisioned")
                .put("maxParallelism", 1);
        putIfPresent(json, "createdOn", agent.createdOn());
        putIfPresent(json, "statusChangedOn", agent.statusChangedOn());
        json.putObject("_links")
                .putObject("self")
                .put("href", organization + "/_apis/distributedtask/pools/" + poolId + "/agents/" + agent.id());
        agent.systemCapabilities().forEach(json.putObject("systemCapabilities")::put);
        agent.userCapabilities().forEach(json.putObject("userCapabilities")::put);
        if (agent.assignedRequest()) {
            json.putObject("assignedRequest")
                    .put("requestId", 1000 + agent.id())
                    .put("planType", "Build")
                    .put("poolId", poolId);
        }
        return json;
    }

    /** Reads what makes sense of an agent's JSON; the rest is as if absent. */
    static SimulatedAgent readAgent(JsonNode json, int id) {
        return new SimulatedAgent(
                id,
                json.path("name").asText(""),
                json.path("status").asText(SimulatedAgent.OFFLINE),
                json.path("enabled").asBoolean(true),
                instant(json.path("createdOn")),
                instant(json.path("statusChangedOn")),
                json.path("assignedRequest").isObject(),
                strings(json.path("systemCapabilities")),
                strings(json.path("userCapabilities")));
    }

    private static void putIfPresent(ObjectNode json, String field, @Nullable Instant time) {
        if (time != null) {
            json.put(field, time.toString());
        }
    }

    private static @Nullable Instant instant(JsonNode json) {
        try {
            return json.isTextual() ? Instant.parse(json.asText()) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Map<String, String> strings(JsonNode json) {
        Map<String, String> strings = new HashMap<>();
        json.properties()
                .forEach(field -> strings.put(field.getKey(), field.getValue().asText()));
        return strings;
    }
}
