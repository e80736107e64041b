package dev.agentreaper.deployment;

import static dev.agentreaper.deployment.Installation.eventually;
import static dev.agentreaper.deployment.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.deployment.Kubelet.RunningPod;
import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.NeedsApiServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is applied and mounted, and that the program finds it. */
@NeedsApiServer
@NeedsKubectl
@NeedsContainers
class DeploymentIT {
    private final Installation installation;

    @TempDir
    Path directory;

    DeploymentIT(KubernetesApiServer cluster) {
        installation = new Installation(cluster);
    }

    @AfterEach
    void end() {
        installation.close();
    }

    @Test
    void aSecretThatIsMissingIsWaitedForAndANewTokenIsUsed() {
        installation.apply(Overlay.DEFAULT, directory, "delete");
        installation.kubectl("-n", "agent-reaper", "delete", "secret", "azure-devops");

        RunningPod pod = installation.start("agent-reaper");
        Program program = pod.program();
        eventually(
                program,
                () -> !lines(program, " WARN ", "/run/secrets/azure-devops/token")
                        .isEmpty());
        assertThat(program.isReady()).isFalse();

        installation.apply(Overlay.DEFAULT, directory, "delete");
        pod.mountVolumes();
        eventually(program, program::isReady);
    }

    @Test
    void severalPoolsAreReadFromTheMountedFileEachWithATokenOfItsOwn() {
        installation.azure.pool("linux");
        installation.azure.pool("windows");
        installation.apply(Overlay.SEVERAL_POOLS, directory, "delete");

        RunningPod pod = installation.start("agent-reaper");
        Program program = pod.program();
        eventually(
                program,
                () -> !lines(program, "pool windows", "/run/secrets/azure-devops/windows")
                        .isEmpty());
        assertThat(program.isReady()).isFalse();

        installation.cluster.mergePatch(
                "/api/v1/namespaces/agent-reaper/secrets/azure-devops", """
                {"stringData": {"windows": "%s"}}""".formatted(installation.azure.token()));
        pod.mountVolumes();
        eventually(program, program::isReady);
    }

    @ParameterizedTest
    @EnumSource
    void theApiServerAcceptsIt(Overlay overlay) {
        installation.cluster.createIfAbsent("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
                {"metadata": {"name": "podmonitors.monitoring.coreos.com"},
                 "spec": {"group": "monitoring.coreos.com", "scope": "Namespaced",
                          "names": {"kind": "PodMonitor", "plural": "podmonitors", "singular": "podmonitor"},
                          "versions": [{"name": "v1", "served": true, "storage": true,
                                        "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}""");
        await().until(() ->
                installation.cluster.find("/apis/monitoring.coreos.com/v1").isPresent());
        installation.createNamespace(overlay.namespace());

        installation.apply(overlay.objects(), "--dry-run=server");
    }
}
