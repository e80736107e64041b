package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlanIT {
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster).without("REAPER_MODE");

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void theTextIsATableWithRemovalsFirstAndTheCountOfEachReasonLast() {
        registerSome();

        Ended ended = scene.run("plan");

        assertThat(ended.output().stripTrailing()).isEqualTo("""
                pool default (linux), mode dry-run, 1 pod selected
                  VERDICT REASON    AGENT               ID STATUS  SINCE                OUTCOME
                  REMOVE  -         agent-longest       5  offline 2025-03-01T12:00:00Z -
                  REMOVE  -         agent-long          2  offline 2025-03-02T12:00:00Z -
                  KEEP    POD_ALIVE agent-alive         1  offline 2025-03-03T12:00:00Z -
                  KEEP    PROTECTED agent-placeholder-1 3  offline -                    -
                  KEEP    NOT_OURS  vm-1                4  offline 2025-03-01T12:00:00Z -

                  REMOVE 2
                  KEEP 1 POD_ALIVE
                  KEEP 1 PROTECTED
                  KEEP 1 NOT_OURS""");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.log()).isEmpty();
        onlyReads();
    }

    @Test
    void theJsonIsThatOfTheContractAndAloneOnStdout() {
        registerSome();
        scene.azure.fail(AzureDevOpsFault.dateMissing());

        Ended ended = scene.run("plan", "--output", "json");

        assertThat(OneShotScene.json(ended.output())).isEqualTo(OneShotScene.json("""
                {
                  "schema": 1,
                  "command": "plan",
                  "mode": "dry-run",
                  "pools": [{
                    "name": "default",
                    "pool": "linux",
                    "error": null,
                    "pods": 1,
                    "agents": [
                      {"id": 5, "name": "agent-longest", "status": "offline", "since": "2025-03-01T12:00:00Z",
                       "verdict": "REMOVE", "reason": null, "outcome": null},
                      {"id": 2, "name": "agent-long", "status": "offline", "since": "2025-03-02T12:00:00Z",
                       "verdict": "REMOVE", "reason": null, "outcome": null},
                      {"id": 1, "name": "agent-alive", "status": "offline", "since": "2025-03-03T12:00:00Z",
                       "verdict": "KEEP", "reason": "POD_ALIVE", "outcome": null},
                      {"id": 3, "name": "agent-placeholder-1", "status": "offline", "since": null,
                       "verdict": "KEEP", "reason": "PROTECTED", "outcome": null},
                      {"id": 4, "name": "vm-1", "status": "offline", "since": "2025-03-01T12:00:00Z",
                       "verdict": "KEEP", "reason": "NOT_OURS", "outcome": null}
                    ],
                    "counts": {"POD_ALIVE": 1, "PROTECTED": 1, "NOT_OURS": 1}
                  }]
                }"""));
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.warnings()).as("logs are on stderr").hasSize(1);
        onlyReads();
    }

    private void registerSome() {
        scene.running("agent-alive");
        offlineSince("agent-alive", "2025-03-03T12:00:00Z");
        offlineSince("agent-long", "2025-03-02T12:00:00Z");
        scene.pool.register("agent-placeholder-1", Map.of());
        scene.pool.neverConnected("agent-placeholder-1");
        offlineSince("vm-1", "2025-03-01T12:00:00Z");
        offlineSince("agent-longest", "2025-03-01T12:00:00Z");
    }

    private void offlineSince(String agent, String since) {
        scene.pool.register(agent, Map.of());
        scene.pool.offlineSince(agent, Instant.parse(since));
    }

    private void onlyReads() {
        assertThat(scene.azure.requests())
                .extracting(ReceivedRequest::operation)
                .containsExactly(AzureDevOpsOperation.FIND_POOL, AzureDevOpsOperation.LIST_AGENTS);
        assertThat(scene.azure.requests()).extracting(ReceivedRequest::method).containsOnly("GET");
    }

    @Test
    void offlineForOfTheCommandLineCountsBeforeThatOfTheConfiguration() {
        OneShotScene.offline(scene.pool, "agent-5m", Duration.ofMinutes(5));
        OneShotScene.offline(scene.pool, "agent-30m", Duration.ofMinutes(30));
        scene.env("REAPER_SWEEP_OFFLINE_FOR", "1h").env("REAPER_MODE", "delete");

        assertThat(scene.run("plan", "--output", "json").verdicts())
                .isEqualTo(Map.of("agent-5m", "KEEP GRACE", "agent-30m", "KEEP GRACE"));
        assertThat(scene.run("plan", "--offline-for", "10m", "--output", "json").verdicts())
                .isEqualTo(Map.of("agent-5m", "KEEP GRACE", "agent-30m", "REMOVE null"));
        assertThat(scene.run("plan", "--offline-for", "0s", "--output", "json").verdicts())
                .isEqualTo(Map.of("agent-5m", "REMOVE null", "agent-30m", "REMOVE null"));
        assertThat(scene.pool.agents()).hasSize(2);
    }

    @Test
    void namesWithTerminalEscapesAndLineEndsArePrintedHarmlesslyAndKeptWholeInJson() {
        String hostile = "agent-\u001b[2J\u001b]0;title\u0007\r\n  REMOVE 0\u202e\u2028";
        String foreign = "agent-Übung-日本";
        scene.straggler(hostile);
        scene.straggler(foreign);

        String text = scene.run("plan").output();
        String json = scene.run("plan", "--output", "json").output();

        assertThat(text).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\u2028&&[^\\n]]");
        assertThat(text.lines().filter(line -> line.contains("agent-"))).hasSize(2);
        assertThat(text.lines()).doesNotContain("  REMOVE 0").contains("  REMOVE 2");
        assertThat(text).contains(foreign);
        assertThat(json).doesNotContainPattern("[\\p{Cc}&&[^\\n\\r]]");
        assertThat(OneShotScene.json(json).findValuesAsText("name"))
                .containsExactlyInAnyOrder("default", hostile, foreign);
    }

    @Test
    void aPoolThatCannotBeReadIsTheErrorInBothFormatsAndTheExitCodeIsOne() {
        scene.straggler("agent-1");
        scene.azure.fail(AzureDevOpsFault.unauthorized());

        Ended text = scene.run("plan");
        Ended json = scene.run("plan", "--output", "json");

        assertThat(text.exitCode()).isEqualTo(1);
        assertThat(text.output().lines().filter(line -> !line.isEmpty()))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("  could not be read: HTTP 401 from ")
                .contains("What to do: ");
        assertThat(json.exitCode()).isEqualTo(1);
        JsonNode pool = json.pool("default");
        assertThat(pool.path("error").asText()).contains("HTTP 401", "What to do: ");
        assertThat(pool.path("agents").isArray()).isTrue();
        assertThat(pool.path("agents")).isEmpty();
        assertThat(pool.path("counts").isObject()).isTrue();
        assertThat(pool.path("counts")).isEmpty();
    }
}
