package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static dev.agentreaper.program.Scene.metric;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two pools whose pods have the same label: a pod that names one of them in AZP_POOL is that one's alone. */
class PoolsOfOneSelectorIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();
    private final AzureDevOpsPool linux = scene.azure.pool("linux");
    private final AzureDevOpsPool windows = scene.azure.pool("windows");

    @BeforeEach
    void bothTeamsHaveNamespaces() {
        scene.cluster.createNamespace("team-a");
        scene.cluster.createNamespace("team-b");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void theAgentOfTheNamesakeInTheOtherPoolNeitherGoesNorKeepsIt() {
        runs("team-a", "agent-0", linux);
        runs("team-b", "agent-0", windows);
        Program program = started("off");

        scene.cluster.delete("team-a", "agent-0");

        eventually().until(() -> linux.find("agent-0").isEmpty());
        runs("team-b", "agent-1", windows);
        scene.cluster.delete("team-b", "agent-1");
        eventually().until(() -> windows.find("agent-1").isEmpty());
        assertThat(windows.find("agent-0")).isPresent();
        assertThat(linesWith(program, "agent=agent-0 "))
                .singleElement()
                .asString()
                .contains("pool=linux");
    }

    @Test
    void thePodThatCameBackInTheOtherPoolKeepsNothingInThis() {
        runs("team-a", "agent-0", linux);
        started("off");
        scene.cluster.fail(KubernetesOperation.GET, new KubernetesFault.Delay(Duration.ofSeconds(2)), 1);

        scene.cluster.delete("team-a", "agent-0");
        eventually()
                .until(() -> !scene.cluster.requests(KubernetesOperation.GET).isEmpty());
        runs("team-a", "agent-0", windows);

        eventually().until(() -> linux.find("agent-0").isEmpty());
        assertThat(windows.find("agent-0")).isPresent();
    }

    @Test
    void aPoolWithoutPodsIsSweptThoughThoseOfTheOtherRun() {
        longRunning("team-b", "agent-0", windows);
        longRunning("team-b", "agent-1", windows);
        straggler(linux, "agent-0");
        straggler(linux, "agent-2");
        straggler(windows, "agent-3");

        started("1s");

        eventually().until(() -> linux.agents().isEmpty());
        eventually().until(() -> windows.find("agent-3").isEmpty());
        assertThat(windows.agents()).hasSize(2);
    }

    @Test
    void aPodThatNamesNeitherMayBeOfEachOfThem() {
        scene.runs(scene.pod("team-a", "agent-0"));
        straggler(linux, "agent-0");
        straggler(windows, "agent-0");

        Program program = started("1s");

        eventually()
                .until(() -> metric(program, "agent_reaper_kept", "pool=\"linux\"", "reason=\"POD_ALIVE\"") == 1
                        && metric(program, "agent_reaper_kept", "pool=\"windows\"", "reason=\"POD_ALIVE\"") == 1);
        assertThat(linux.find("agent-0")).isPresent();
        assertThat(windows.find("agent-0")).isPresent();
    }

    @Test
    void aPodOfTwoAgentsMayBeOfBoth() {
        scene.runs(pod("team-a", "agent-0", linux).container("second").env("AZP_POOL", "windows"));
        linux.register("agent-0", Map.of());
        straggler(windows, "agent-0");

        Program program = started("1s");

        eventually().until(() -> metric(program, "agent_reaper_kept", "pool=\"windows\"", "reason=\"POD_ALIVE\"") == 1);
        assertThat(windows.find("agent-0")).isPresent();
    }

    @Test
    void aPoolThatItsLabelNamesMayBeAnyAsTheLabelMayChange() {
        scene.runs(scene.pod("team-a", "agent-0")
                .label("pool", "windows")
                .envFromField("AZP_POOL", "metadata.labels['pool']"));
        straggler(linux, "agent-0");

        Program program = started("1s");

        eventually().until(() -> metric(program, "agent_reaper_kept", "pool=\"linux\"", "reason=\"POD_ALIVE\"") == 1);
        assertThat(linux.find("agent-0")).isPresent();
    }

    private KubernetesPod pod(String namespace, String name, AzureDevOpsPool pool) {
        return scene.pod(namespace, name)
                .envFromSecret("AZP_URL", "azure-devops", "url")
                .env("AZP_POOL", pool.name());
    }

    private void runs(String namespace, String name, AzureDevOpsPool pool) {
        scene.runs(pod(namespace, name, pool));
        pool.register(name, Map.of());
    }

    private void longRunning(String namespace, String name, AzureDevOpsPool pool) {
        scene.cluster.create(pod(namespace, name, pool));
        scene.cluster.patchStatus(namespace, name, "Running", Instant.now().minus(Duration.ofHours(1)));
        pool.register(name, Map.of());
    }

    private static void straggler(AzureDevOpsPool pool, String agent) {
        pool.register(agent, Map.of());
        pool.offlineSince(agent, Instant.now().minus(Duration.ofHours(1)));
    }

    private Program started(String sweepEvery) {
        return scene.started(scene.configured()
                .without("AZP_POOL")
                .env("REAPER_SWEEP_AGENTS", "agent-*")
                .env("REAPER_SWEEP_EVERY", sweepEvery)
                .file("""
                        reaper:
                          pools:
                            linux:
                              pool: linux
                            windows:
                              pool: windows
                        """));
    }
}
