package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.deployment.NeedsPromtool;
import dev.agentreaper.deployment.Promtool;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
            "agent_reaper_ready",
            "agent_reaper_info");

    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    @NeedsPromtool
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
