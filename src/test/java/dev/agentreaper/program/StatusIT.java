package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The status as programs get it. */
class StatusIT {
    private static final JsonMapper JSON = new JsonMapper();

    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void close() {
        scene.close();
    }

    private Program.Builder sweeping() {
        return scene.configured().env("REAPER_SWEEP_EVERY", "1h").env("REAPER_SWEEP_AGENTS", "s*");
    }

    private static JsonNode status(Program program) {
        try {
            return JSON.readTree(program.get("/status.json"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode poolOf(Program program) {
        return status(program).at("/pools/0");
    }

    @Test
    void itHasWhatWasRemovedWhatIsKeptAndWhyAndHowAllStands() {
        scene.runs("lives");
        OneShotScene.straggler(scene.pool, "straggler");
        scene.pool.register("vm", Map.of());
        scene.pool.offlineSince("vm", Instant.parse("2026-03-02T06:11:40Z"));
        Program program = scene.started(sweeping());
        eventually().until(() -> !poolOf(program).path("lastSweep").isNull());
        scene.runs("dies");
        scene.dies("dies");
        scene.awaitRemoved("dies");
        scene.awaitIdle();

        JsonNode status = status(program);
        JsonNode pool = status.at("/pools/0");

        assertThat(status.path("schema").asInt()).isEqualTo(1);
        assertThat(status.path("mode").asText()).isEqualTo("delete");
        assertThat(status.path("summary").asText()).isEqualTo("healthy");
        assertThat(status.path("ready").asBoolean()).isTrue();
        assertThat(status.path("connections").findValuesAsText("name"))
                .containsExactlyInAnyOrder(
                        "watch of pods app=%s in all namespaces".formatted(scene.namespace),
                        "pool default",
                        "removals from pool default",
                        "list of pods of pool default",
                        "live re-check of pool default");
        assertThat(status.path("connections").findValuesAsText("failing")).containsOnly("false");
        assertThat(pool.path("name").asText()).isEqualTo("default");
        assertThat(pool.path("pool").asText()).isEqualTo("Default");
        assertThat(pool.path("organization").asText())
                .isEqualTo(scene.azure.url().toString());
        assertThat(pool.path("online").asInt()).isEqualTo(1);
        assertThat(pool.path("offline").asInt()).isEqualTo(1);
        assertThat(pool.path("kept")).hasToString("{\"POD_ALIVE\":1,\"NOT_OURS\":1}");
        assertThat(pool.path("waiting").asInt()).isZero();
        assertThat(pool.at("/lastSweep/complete").asBoolean()).isTrue();
        assertThat(pool.at("/lastSweep/removed").asInt()).isEqualTo(1);
        assertThat(Instant.parse(pool.path("nextSweep").asText()))
                .isAfter(Instant.parse(status.path("now").asText()));
        assertThat(pool.path("agents").findValuesAsText("name")).containsExactly("vm", "lives");
        assertThat(pool.at("/agents/0"))
                .hasToString("{\"id\":%d,\"name\":\"vm\",\"status\":\"offline\","
                                .formatted(scene.pool.find("vm").orElseThrow().id())
                        + "\"since\":\"2026-03-02T06:11:40Z\",\"reason\":\"NOT_OURS\"}");
        assertThat(pool.path("removals").findValuesAsText("agent")).containsExactly("dies", "straggler");
        assertThat(pool.path("removals").findValuesAsText("trigger")).containsExactly("event", "sweep");
        assertThat(pool.path("removals").findValuesAsText("outcome")).containsOnly("removed");
        assertThat(pool.at("/removals/0/pods")).hasToString("[\"%s/dies\"]".formatted(scene.namespace));
    }

    @Test
    void whatWaitsIsThereWithTheReasonAndAProblemWithItsCureUntilItIsOver() {
        scene.runs("dies");
        Program program = scene.started(sweeping().env("REAPER_SWEEP_EVERY", "off"));
        AzureDevOpsFault.Handle down =
                scene.azure.fail(AzureDevOpsFault.unavailable(), AzureDevOpsOperation.DELETE_AGENT);
        scene.dies("dies");
        eventually()
                .until(() ->
                        poolOf(program).at("/longestWaiting/0/problem").asText().contains("HTTP 503"));

        JsonNode status = status(program);

        assertThat(status.path("summary").asText()).isEqualTo("degraded");
        assertThat(status.path("ready").asBoolean()).isTrue();
        assertThat(status.at("/connections/1/problem").asText()).contains("HTTP 503");
        assertThat(status.at("/connections/1/cure").asText()).isNotEmpty();
        assertThat(status.at("/connections/1/until").isNull()).isTrue();
        assertThat(status.at("/pools/0/waiting").asInt()).isEqualTo(1);
        assertThat(status.at("/pools/0/nextSweep").isNull()).isTrue();
        assertThat(status.at("/pools/0/longestWaiting/0/agent").asText()).isEqualTo("dies");

        down.clear();
        scene.awaitRemoved("dies");
        scene.awaitIdle();

        JsonNode healed = status(program);
        assertThat(healed.at("/connections/1/failing").asBoolean()).isFalse();
        assertThat(healed.at("/connections/1/problem").asText()).as("the last").contains("HTTP 503");
        assertThat(Instant.parse(healed.at("/connections/1/until").asText()))
                .isAfter(Instant.parse(healed.at("/connections/1/since").asText()));
        assertThat(healed.at("/pools/0/longestWaiting").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/status.json", "/status.css", "/status.js"})
    void whoeverAsksCanOnlyReadAndABrowserIsToldToTrustNothingElse(String path)
            throws IOException, InterruptedException {
        scene.runs("lives");
        Program program = scene.started(sweeping());
        for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
            assertThat(send(program, path, method).statusCode()).as(method).isEqualTo(405);
        }

        HttpResponse<String> answer = send(program, path, "GET");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(send(program, path, "HEAD").statusCode()).isEqualTo(200);
        assertThat(answer.headers().map())
                .containsEntry("X-Content-Type-Options", List.of("nosniff"))
                .containsEntry("Cache-Control", List.of("no-store"));
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none';")
                .contains("form-action 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http:", "https:", "*");
    }

    private static HttpResponse<String> send(Program program, String path, String method)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(program.url(path))
                                .method(method, BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString());
    }
}
