package dev.agentreaper.simulator;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_POOLS;
import static dev.agentreaper.simulator.AzureDevOpsOperation.OTHER;
import static dev.agentreaper.simulator.AzureDevOpsTestClient.basic;
import static dev.agentreaper.simulator.AzureDevOpsTestClient.json;
import static dev.agentreaper.simulator.AzureDevOpsTestClient.typeKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.simulator.AzureDevOpsPool.Removal;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AzureDevOpsSimulatorTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final AzureDevOpsSimulator simulator = AzureDevOpsSimulator.start(0, InstantSource.fixed(NOW));
    private final AzureDevOpsTestClient client = new AzureDevOpsTestClient(simulator);
    private final AzureDevOpsPool pool = simulator.pool("linux");

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Test
    void aPoolIsFoundByItsExactNameInAnyCase() throws Exception {
        simulator.pool("linux-gpu");

        JsonNode found = json(client.get("?poolName=LINUX"));

        assertThat(found.path("count").asInt()).isOne();
        assertThat(found.at("/value/0/name").asText()).isEqualTo("linux");
        assertThat(json(client.get("/" + pool.id()))).isEqualTo(found.at("/value/0"));
    }

    @Test
    void poolsAreFilteredByTypeAndByWhatTheCallerMayManage() throws Exception {
        simulator.deploymentPool("machines");
        simulator.deploymentPool("linux");
        simulator.pool("not ours").manageable(false).options("elasticPool");
        simulator.pool("Azure Pipelines").hosted();

        assertThat(json(client.get("?poolType=automation")).findValuesAsText("name"))
                .containsExactly("linux", "not ours", "Azure Pipelines");
        assertThat(json(client.get("?poolType=deployment")).findValuesAsText("name"))
                .containsExactly("machines", "linux");
        assertThat(json(client.get("?poolName=linux")).findValuesAsText("poolType"))
                .containsExactly("automation", "deployment");
        assertThat(json(client.get("?actionFilter=manage")).findValuesAsText("name"))
                .containsExactly("linux", "machines", "linux", "Azure Pipelines");
        assertThat(json(client.get("?poolName=not%20ours"))
                        .at("/value/0/options")
                        .asText())
                .isEqualTo("elasticPool");
    }

    @Test
    void anUnknownPoolIsNotFound() throws Exception {
        for (String path : List.of("/99", "/99/agents", "/99/agents/1")) {
            assertThat(client.get(path).statusCode()).isEqualTo(404);
            assertThat(typeKey(client.get(path))).isEqualTo("TaskAgentPoolNotFoundException");
        }
    }

    @Test
    void capabilitiesAndTheAssignedRequestComeOnlyWhenAskedFor() throws Exception {
        pool.register("agent", Map.of("HOSTNAME", "pod"));
        pool.busy("agent", true);

        JsonNode plain = json(client.get("/1/agents")).at("/value/0");
        JsonNode full = json(client.get("/1/agents?includeCapabilities=true&includeAssignedRequest=true"))
                .at("/value/0");

        assertThat(plain.has("systemCapabilities")).isFalse();
        assertThat(plain.has("assignedRequest")).isFalse();
        assertThat(full.at("/systemCapabilities/HOSTNAME").asText()).isEqualTo("pod");
        assertThat(full.path("assignedRequest").isObject()).isTrue();
        assertThat(json(client.get("/1/agents/1?includeCapabilities=true&includeAssignedRequest=true")))
                .isEqualTo(full);
    }

    @Test
    void anAgentIsFoundByItsExactNameInAnyCase() throws Exception {
        pool.register("agent", Map.of());
        pool.register("agent-2", Map.of());

        assertThat(json(client.get("/1/agents?agentName=AGENT")).findValuesAsText("name"))
                .containsExactly("agent");
    }

    @Test
    void anAgentShowsWhenItLostItsConnection() throws Exception {
        pool.register("gone", Map.of());
        pool.offlineSince("gone", NOW.minusSeconds(60));
        pool.register("placeholder", Map.of());
        pool.neverConnected("placeholder");

        JsonNode gone = json(client.get("/1/agents/1"));
        JsonNode placeholder = json(client.get("/1/agents/2"));

        assertThat(gone.path("status").asText()).isEqualTo("offline");
        assertThat(gone.path("createdOn").asText()).isEqualTo("2026-02-03T04:05:06Z");
        assertThat(gone.path("statusChangedOn").asText()).isEqualTo("2026-02-03T04:04:06Z");
        assertThat(placeholder.path("status").asText()).isEqualTo("offline");
        assertThat(placeholder.has("statusChangedOn")).isFalse();
    }

    @Test
    void anIdleAgentIsDeletedOnlineOrNot() throws Exception {
        pool.register("online", Map.of());
        pool.register("offline", Map.of());
        pool.goOffline("offline");

        assertThat(client.delete("/1/agents/1").statusCode()).isEqualTo(204);
        assertThat(client.delete("/1/agents/2").statusCode()).isEqualTo(204);

        assertThat(pool.agents()).isEmpty();
        assertThat(client.delete("/1/agents/1").statusCode()).isEqualTo(404);
        assertThat(typeKey(client.get("/1/agents/1"))).isEqualTo("TaskAgentNotFoundException");
    }

    @Test
    void aBusyAgentIsNotDeleted() throws Exception {
        pool.register("agent", Map.of());
        pool.goOffline("agent");
        pool.busy("agent", true);

        var refusal = client.delete("/1/agents/1");

        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(typeKey(refusal)).isEqualTo("TaskAgentJobStillRunningException");
        assertThat(json(refusal).path("message").asText())
                .isEqualTo("Agent \"agent\" is running a job for pool \"linux\"");
        assertThat(pool.find("agent")).isPresent();

        pool.busy("agent", false);
        assertThat(client.delete("/1/agents/1").statusCode()).isEqualTo(204);
    }

    @Test
    void deletingNeedsThePermissionToManage() throws Exception {
        pool.register("agent", Map.of());
        pool.manageable(false);

        assertThat(typeKey(client.delete("/1/agents/1"))).isEqualTo("AccessDeniedException");
        assertThat(client.get("/1/agents").statusCode()).isEqualTo(200);
        assertThat(pool.find("agent")).isPresent();
    }

    @Test
    void replacingKeepsTheIdAndTheSwitchAndTheUserCapabilities() {
        pool.register("agent", Map.of("old", "1", "both", "1"));
        pool.disable("agent");
        pool.userCapabilities("agent", Map.of("gpu", "yes"));
        pool.offlineSince("agent", NOW.minusSeconds(60));

        SimulatedAgent replaced = pool.registerReplacing("agent", Map.of("both", "2"));

        assertThat(replaced)
                .isEqualTo(new SimulatedAgent(
                        1,
                        "agent",
                        "online",
                        false,
                        NOW,
                        NOW,
                        false,
                        Map.of("old", "1", "both", "2"),
                        Map.of("gpu", "yes")));
    }

    @Test
    void anIdIsNeverGivenAgain() {
        pool.register("agent", Map.of());
        pool.remove("agent");

        assertThat(pool.registerReplacing("agent", Map.of()).id()).isEqualTo(2);
        assertThatIllegalStateException().isThrownBy(() -> pool.register("Agent", Map.of()));
    }

    @Test
    void oddAgentsAreServedAsGiven() throws Exception {
        String twin =
                "{\"id\":7,\"name\":\"AGENT\",\"status\":null,\"enabled\":\"no\",\"statusChangedOn\":\"2099-01-01T00:00:00Z\"}";
        pool.register("agent", Map.of());
        pool.addRaw(twin);
        pool.addRaw("{\"name\":42}");
        pool.addRaw("null");

        JsonNode agents = json(client.get("/1/agents")).path("value");

        assertThat(agents.get(1)).isEqualTo(AzureDevOpsJson.parse(twin));
        assertThat(agents.get(2).has("id")).isFalse();
        assertThat(agents.get(3).isNull()).isTrue();
        assertThat(pool.agents()).extracting(SimulatedAgent::id).containsExactly(1, 7, 8, 9);
        assertThat(client.delete("/1/agents/7").statusCode()).isEqualTo(204);
    }

    @Test
    void listenersSeeARemovalAsItHappens() throws Exception {
        List<SimulatedAgent> deleted = new ArrayList<>();
        List<Removal> removals = new ArrayList<>();
        simulator.onDelete(agent -> {
            assertThat(pool.find(agent.name())).contains(agent);
            deleted.add(agent);
        });
        simulator.onRemoval(removals::add);
        SimulatedAgent one = pool.register("one", Map.of());
        SimulatedAgent two = pool.register("two", Map.of());

        client.delete("/1/agents/1");
        pool.remove("two");

        assertThat(deleted).containsExactly(one);
        assertThat(removals).containsExactly(new Removal(pool, one, NOW, NOW), new Removal(pool, two, NOW, null));
    }

    @Test
    void onlyTheAcceptedTokenIsTaken() throws Exception {
        String old = simulator.token();
        assertThat(old).hasSize(84);
        assertThat(client.send(client.bareRequest("GET", "").header("Authorization", "Bearer " + old))
                        .statusCode())
                .isEqualTo(200);

        simulator.acceptToken("rotated");

        for (String authorization : List.of(basic(old), "Bearer " + old, "Basic %%%", "Basic", "Negotiate rotated")) {
            var refusal = client.send(client.bareRequest("GET", "").header("Authorization", authorization));
            assertThat(refusal.statusCode()).isEqualTo(401);
            assertThat(typeKey(refusal)).isEqualTo("UnauthorizedRequestException");
        }
        assertThat(client.get("").statusCode()).isEqualTo(200);
    }

    @Test
    void onlyAGetMayLackTheVersion() throws Exception {
        String token = basic(simulator.token());
        assertThat(client.send(client.bareRequest("GET", "").header("Authorization", token))
                        .statusCode())
                .isEqualTo(200);
        assertThat(typeKey(
                        client.send(client.bareRequest("DELETE", "/1/agents/1").header("Authorization", token))))
                .isEqualTo("VssVersionNotSpecifiedException");
    }

    @Test
    void aVersionMustBeOneThatTheServerHas() throws Exception {
        assertThat(asking("7.1").statusCode()).isEqualTo(200);
        assertThat(asking("7.2-preview.1").statusCode()).isEqualTo(200);
        assertThat(typeKey(asking("7.2"))).isEqualTo("VssInvalidPreviewVersionException");
        assertThat(typeKey(asking("seven"))).isEqualTo("VssInvalidApiResourceVersionException");

        simulator.withApiVersions("7.0", "7.0");

        var refusal = client.get("");
        assertThat(refusal.statusCode()).isEqualTo(400);
        assertThat(json(refusal).path("message").asText())
                .isEqualTo("The requested REST API version of 7.1 is out of range for this server."
                        + " The latest REST API version this server supports is 7.0.");
        assertThat(asking("7.0").statusCode()).isEqualTo(200);
    }

    @Test
    void everyAnswerHasTheDateAndAnActivity() throws Exception {
        for (String path : List.of("", "/99")) {
            var headers = client.get(path).headers();
            assertThat(headers.firstValue("Date")).contains("Tue, 3 Feb 2026 04:05:06 GMT");
            assertThat(headers.firstValue("ActivityId")).isPresent().isEqualTo(headers.firstValue("X-VSS-E2EID"));
        }
    }

    @Test
    void everyRequestIsLogged() throws Exception {
        for (String path : List.of("", "?poolName=linux", "/1", "/1/agents", "/1/agents?agentName=a", "/1/agents/5")) {
            client.get(path);
        }
        client.delete("/1/agents/5");
        client.send(client.request("PATCH", "/1/agents/5"));

        assertThat(simulator.requests())
                .extracting(ReceivedRequest::operation)
                .containsExactly(
                        LIST_POOLS, FIND_POOL, GET_POOL, LIST_AGENTS, FIND_AGENT, GET_AGENT, DELETE_AGENT, OTHER);
        ReceivedRequest deletion = simulator.requests().get(6);
        assertThat(deletion)
                .isEqualTo(new ReceivedRequest(
                        NOW,
                        "DELETE",
                        "/fabrikam/_apis/distributedtask/pools/1/agents/5",
                        "api-version=7.1",
                        DELETE_AGENT,
                        5,
                        404,
                        deletion.headers()));
        assertThat(deletion.headers()).containsEntry("user-agent", "simulator-test");
        assertThat(simulator.mostAtOnce()).isOne();

        simulator.clearRequests();
        assertThat(simulator.requests()).isEmpty();
    }

    @Test
    void theOrganizationMayLieDeeper() throws Exception {
        simulator.withBasePath("/tfs/DefaultCollection");

        assertThat(simulator.url().getPath()).isEqualTo("/tfs/DefaultCollection");
        assertThat(client.get("").statusCode()).isEqualTo(200);
    }

    @Test
    void anAnswerCanTakeItsTime() throws Exception {
        pool.register("agent", Map.of());
        simulator.answerAfter(Duration.ofMillis(50), DELETE_AGENT);

        long start = System.nanoTime();
        client.delete("/1/agents/1");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(pool.agents()).isEmpty();
    }

    private HttpResponse<String> asking(String version) throws Exception {
        return client.send(client.bareRequest("GET", "")
                .header("Authorization", basic(simulator.token()))
                .header("Accept", "application/json;api-version=" + version));
    }
}
