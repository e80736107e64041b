package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static dev.agentreaper.program.Scene.metric;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two clusters with pods of the same names, whose agents share a pool. It holds one agent of each name: that of the pod which
 * has registered it last, replacing the other's.
 */
class SharedPoolIT {
    private static final Map<String, String> A = Map.of("CLUSTER", "a");
    private static final Map<String, String> B = Map.of("CLUSTER", "b");

    private final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    private final Scene<KubernetesSimulator> a = new Scene<>(KubernetesSimulator.start(), azure);
    private final Scene<KubernetesSimulator> b = new Scene<>(KubernetesSimulator.start(), azure);
    private final AzureDevOpsPool pool = a.pool;

    @BeforeEach
    void bothHaveAPodThatLives() {
        runs(a, "only-a", A);
        runs(b, "only-b", B);
    }

    @AfterEach
    void end() {
        a.close();
        b.close();
    }

    @Test
    void theAgentThatANamesakeInTheOtherClusterHasTakenOverStays() {
        runs(a, "x", A);
        runs(b, "x", A);
        Program ofA = started(a, "a");
        started(b, "b");
        pool.registerReplacing("x", B);

        a.dies("x");
        eventually().until(() -> removals(ofA, "kept") == 1);

        assertThat(linesWith(ofA, "agent=x ")).singleElement().asString().contains("reason=NOT_OURS");
        assertThat(pool.find("x"))
                .get()
                .extracting(SimulatedAgent::systemCapabilities)
                .isEqualTo(B);

        b.dies("x");
        b.awaitRemoved("x");
        onlyThoseWhosePodsLiveAreLeft();
    }

    @Test
    void theAgentThatTheNamesakeHasNotYetTakenOverGoesWithItsOwnPodAndNoOther() {
        runs(a, "x", A);
        b.runs(b.pod("x"));
        Program ofA = started(a, "a");
        Program ofB = started(b, "b");

        b.dies("x");
        eventually().until(() -> removals(ofB, "kept") == 1);
        assertThat(linesWith(ofB, "agent=x ")).singleElement().asString().contains("reason=NOT_OURS");
        b.runs(b.pod("x"));
        a.dies("x");
        a.awaitRemoved("x");
        a.awaitIdle();
        assertThat(removals(ofA, "removed")).isOne();

        pool.registerReplacing("x", B);
        a.awaitIdle();
        assertThat(pool.find("x")).isPresent();
        b.dies("x");
        b.awaitRemoved("x");
        onlyThoseWhosePodsLiveAreLeft();
    }

    @Test
    void aSweepTakesTheStragglersOfItsOwnClusterThoughAPodOfThatNameLivesInTheOther() {
        straggler("of-a", A);
        b.runs(b.pod("of-a"));
        straggler("of-b", B);
        a.runs(a.pod("of-b"));
        straggler("of-b-too", B);
        b.runs(b.pod("of-b-too"));

        Program ofA = started(a, "a", "REAPER_SWEEP_EVERY", "1s");
        a.awaitRemoved("of-a");
        long swept = sweeps(ofA);
        eventually().until(() -> sweeps(ofA) >= swept + 2);
        assertThat(pool.agents())
                .extracting(SimulatedAgent::name)
                .containsExactlyInAnyOrder("only-a", "only-b", "of-b", "of-b-too");
        assertThat(metric(ofA, "agent_reaper_kept", "reason=\"NOT_OURS\""))
                .as("only-b and of-b-too; of-b has a live pod here")
                .isEqualTo(2);

        started(b, "b", "REAPER_SWEEP_EVERY", "1s");
        b.awaitRemoved("of-b");
        assertThat(pool.find("of-b-too")).isPresent();
    }

    private void runs(Scene<KubernetesSimulator> scene, String name, Map<String, String> capabilities) {
        scene.runs(scene.pod(name));
        pool.registerReplacing(name, capabilities);
    }

    private void straggler(String name, Map<String, String> capabilities) {
        pool.register(name, capabilities);
        pool.offlineSince(name, Instant.now().minus(Duration.ofHours(1)));
    }

    private static Program started(Scene<KubernetesSimulator> scene, String cluster) {
        return started(scene, cluster, "REAPER_SWEEP_EVERY", "off");
    }

    private static Program started(Scene<KubernetesSimulator> scene, String cluster, String setting, String value) {
        return scene.started(scene.configured()
                .env("REAPER_CAPABILITIES", "CLUSTER=" + cluster)
                .env("REAPER_SWEEP_AGENTS", "*")
                .env(setting, value));
    }

    private void onlyThoseWhosePodsLiveAreLeft() {
        a.awaitIdle();
        b.awaitIdle();
        assertThat(pool.agents()).extracting(SimulatedAgent::name).containsExactlyInAnyOrder("only-a", "only-b");
    }

    private static double removals(Program program, String outcome) {
        return metric(program, "agent_reaper_removals_total", "trigger=\"event\"", "outcome=\"" + outcome + "\"");
    }

    private static long sweeps(Program program) {
        return linesWith(program, "swept pool=default ").size();
    }
}
