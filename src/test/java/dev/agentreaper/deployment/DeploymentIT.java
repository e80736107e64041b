package dev.agentreaper.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.deployment.Kubelet.RunningPod;
import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.NeedsApiServer;
import dev.agentreaper.simulator.SimulatedAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the README's install section, on an empty cluster, to a removed agent. */
@NeedsApiServer
@NeedsKubectl
@NeedsContainers
class DeploymentIT {
    private static final Duration WITHIN = Duration.ofMinutes(2);

    private final KubernetesApiServer cluster = KubernetesApiServer.start();
    private final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    private final AzureDevOpsPool pool = azure.pool("my-pool");
    private final Kubelet kubelet = new Kubelet(cluster);

    @TempDir
    Path directory;

    @BeforeEach
    void begin() {
        cluster.createNamespace("agents");
    }

    @AfterEach
    void end() {
        kubelet.close();
        azure.close();
        cluster.close();
    }

    @Test
    void theInstallSectionLeadsToARemovedAgent() throws IOException {
        runs("azdevops-agent-0");
        runs("azdevops-agent-1");
        straggler("azdevops-agent-2");
        InstallSection section = new InstallSection(directory, cluster, azure);

        section.follow(2);
        section.follow(3);
        Program dryRun = started();
        eventually().until(dryRun::isReady);
        dies("azdevops-agent-0");
        eventually().until(() -> logged(dryRun, "would remove (dry-run) pool=default agent=azdevops-agent-0"));
        assertThat(sweep()).isZero();
        assertThat(pool.agents()).hasSize(3);

        section.follow(5);
        Program program = started();
        eventually().until(program::isReady);
        dryRun.terminate();
        assertThat(dryRun.exitCode(WITHIN)).isZero();
        dies("azdevops-agent-1");
        eventually().until(() -> pool.find("azdevops-agent-1").isEmpty());
        assertThat(sweep()).isZero();
        assertThat(pool.agents())
                .extracting(SimulatedAgent::name)
                .as("its pod was gone before the program started, and it is not offline yet")
                .containsExactly("azdevops-agent-0");
    }

    @Test
    void aSecretThatIsMissingIsWaitedForAndOneThatChangesIsUsed() throws IOException {
        InstallSection section = new InstallSection(directory, cluster, azure);
        section.follow(2);
        section.follow(3);
        kubectl("delete", "secret", "azure-devops");

        RunningPod pod = start();
        eventually().until(() -> logged(pod.program(), "/run/secrets/azure-devops/token"));
        assertThat(pod.program().isReady()).isFalse();

        kubectl("create", "secret", "generic", "azure-devops", "--from-literal=token=" + azure.token());
        pod.mountVolumes();
        eventually().until(() -> pod.program().isReady());
    }

    private void kubectl(String... arguments) {
        Kubectl.run(
                "",
                Stream.concat(
                                Stream.of("--kubeconfig=" + cluster.kubeconfig(), "-n", "agent-reaper"),
                                Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private Program started() {
        return start().program();
    }

    private RunningPod start() {
        JsonNode deployment = cluster.get("/apis/apps/v1/namespaces/agent-reaper/deployments/agent-reaper");
        return kubelet.start(deployment.at("/spec/template"), "agent-reaper");
    }

    private int sweep() {
        JsonNode cronJob = cluster.get("/apis/" + InstallSection.cronJobVersion(cluster)
                + "/namespaces/agent-reaper/cronjobs/agent-reaper-sweep");
        return kubelet.start(cronJob.at("/spec/jobTemplate/spec/template"), "agent-reaper")
                .program()
                .exitCode(WITHIN);
    }

    private void runs(String name) {
        cluster.create(
                KubernetesPod.of("agents", name).label("app", "azdevops-agent").node("node-1"));
        cluster.patchStatus("agents", name, "Running", Instant.now());
        pool.register(name, Map.of());
    }

    private void dies(String name) {
        cluster.delete("agents", name);
    }

    private void straggler(String name) {
        pool.register(name, Map.of());
        pool.offlineSince(name, Instant.now().minus(Duration.ofHours(1)));
    }

    private static boolean logged(Program program, String text) {
        return program.log().stream().anyMatch(line -> line.contains(text));
    }

    private static ConditionFactory eventually() {
        return await().atMost(WITHIN).pollInterval(Duration.ofMillis(50));
    }
}
