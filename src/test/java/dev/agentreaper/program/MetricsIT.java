package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentreaper.deployment.Dashboard;
import dev.agentreaper.deployment.Promtool;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus gets, after removals by an event and by a sweep. */
class MetricsIT {
    private static final Set<String> OF_THE_CONTRACT = Set.of(
            "agent_reaper_removals_total",
            "agent_reaper_reaction_seconds",
            "agent_reaper_reaction_seconds_max",
            "agent_reaper_kept",
            "agent_reaper_agents",
            "agent_reaper_pending_removals",
            "agent_reaper_last_sweep_timestamp_seconds",
            "agent_reaper_azure_devops_requests_seconds",
            "agent_reaper_azure_devops_requests_seconds_max",
            "agent_reaper_azure_devops_throttled_seconds_total",
            "agent_reaper_watch_restarts_total",
            "agent_reaper_ready",
            "agent_reaper_info");

    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    @Needs(Needs.Tool.PROMTOOL)
    void allMetricsAreOfTheContractAndPrometheusFindsNothingWrongWithThem() {
        scene.runs("lives");
        OneShotScene.straggler(scene.pool, "straggler");
        Program program =
                scene.started(scene.configured().env("REAPER_SWEEP_EVERY", "1h").env("REAPER_SWEEP_AGENTS", "*"));
        scene.runs("dies");
        scene.dies("dies");
        scene.awaitRemoved("dies");
        scene.awaitRemoved("straggler");
        eventually()
                .until(() -> metric(program, "agent_reaper_removals_total", "trigger=\"sweep\"", "outcome=\"removed\"")
                        == 1);

        String metrics = program.get("/q/metrics", "text/plain");

        assertThat(Promtool.run(metrics, "check", "metrics")).isEmpty();
        assertThat(families(metrics)).containsExactlyInAnyOrderElementsOf(OF_THE_CONTRACT);
        assertThat(metric(program, "agent_reaper_removals_total", "trigger=\"event\"", "outcome=\"removed\""))
                .isEqualTo(1);
        assertThat(metric(program, "agent_reaper_reaction_seconds_count")).isEqualTo(1);
        assertThat(metric(program, "agent_reaper_removals_total", "outcome=\"gave_up\""))
                .as("told before the first")
                .isZero();
        assertThat(metrics).doesNotContain("lives", "dies", "straggler");
    }

    @Test
    @Needs(Needs.Tool.PROMTOOL)
    void eachQueryOfTheDashboardFindsSomethingInThemAndEachLabelOfALegendIsThere(@TempDir Path directory)
            throws IOException {
        scene.azure.fail(AzureDevOpsFault.littleIsLeft(17, Duration.ofMinutes(5)), AzureDevOpsOperation.LIST_AGENTS);
        scene.runs("lives");
        Program program =
                scene.started(scene.configured().env("REAPER_SWEEP_EVERY", "1h").env("REAPER_SWEEP_AGENTS", "*"));
        eventually().until(() -> metric(program, "agent_reaper_agents", "status=\"online\"") == 1);
        List<Map<String, Object>> tests = new ArrayList<>();
        for (Dashboard.Query query : Dashboard.queries()) {
            tests.add(isTrue("count(%s) > bool 0".formatted(query.promql())));
            query.labels()
                    .forEach(label -> tests.add(
                            isTrue("count((%s) and on (%s) {__name__=~\"agent_reaper_.+\", %2$s!=\"\"}) > bool 0"
                                    .formatted(query.promql(), label))));
        }
        Path file = Files.writeString(
                directory.resolve("test.yml"),
                new ObjectMapper()
                        .writeValueAsString(Map.of(
                                "rule_files",
                                List.of(),
                                "tests",
                                List.of(Map.of(
                                        "interval",
                                        "1m",
                                        "input_series",
                                        series(program.get("/q/metrics", "text/plain")),
                                        "promql_expr_test",
                                        tests)))));

        assertThat(tests).hasSizeGreaterThan(20);
        assertThat(Promtool.run("", "test", "rules", file.toString())).contains("SUCCESS");
    }

    /** A test of promtool. */
    private static Map<String, Object> isTrue(String promql) {
        return Map.of("expr", promql, "eval_time", "30m", "exp_samples", List.of(Map.of("labels", "{}", "value", 1)));
    }

    /** All that was scraped, as promtool takes it: for an hour, in which what counts goes on counting. */
    private static List<Map<String, String>> series(String metrics) {
        return Pattern.compile("(?m)^(\\w+)(?:\\{(.*)})? (\\S+)$")
                .matcher(metrics)
                .results()
                .map(line -> Map.of(
                        "series",
                        "%s{namespace=\"reaper\",job=\"reaper/reaper\",pod=\"reaper-1\",%s}"
                                .formatted(line.group(1), line.group(2) == null ? "" : line.group(2)),
                        "values",
                        line.group(1).matches(".*_(total|count|sum|bucket)") ? "0+1x60" : line.group(3) + "x60"))
                .toList();
    }

    private static double metric(Program program, String name, String... labels) {
        return Scene.metric(program, name, labels);
    }

    private static Set<String> families(String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.substring("# TYPE ".length(), line.lastIndexOf(' ')))
                .collect(Collectors.toSet());
    }
}
