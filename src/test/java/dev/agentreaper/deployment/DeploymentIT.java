package dev.agentreaper.deployment;

import static dev.agentreaper.deployment.Installation.eventually;
import static dev.agentreaper.deployment.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.deployment.Kubelet.RunningPod;
import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.EntraSimulator;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.Needs;
import dev.agentreaper.simulator.NeedsApiServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is applied and mounted, and that the program finds it. */
@NeedsApiServer
@Needs({Needs.Tool.KUBECTL, Needs.Tool.CONTAINERS})
class DeploymentIT {
    private static final String CLIENT = "11111111-2222-3333-4444-555555555555";

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
    void aTokenOfTheServiceAccountThatIsNoLongerTakenIsReadAgain() {
        installation.apply(Overlay.DEFAULT, directory, "delete", "REAPER_SWEEP_EVERY=1s");
        installation.runs("agents", "azdevops-agent-0");
        RunningPod pod = installation.start("agent-reaper");
        Program program = pod.program();
        eventually(program, program::isReady);

        installation.kubectl("-n", "agent-reaper", "delete", "serviceaccount", "agent-reaper");
        installation.apply(Overlay.DEFAULT, directory, "delete", "REAPER_SWEEP_EVERY=1s");
        eventually(program, () -> !lines(program, " WARN ", "HTTP 401").isEmpty());

        pod.mountVolumes();
        installation.cluster.delete("agents", "azdevops-agent-0");
        eventually(program, () -> !installation.hasAgent("azdevops-agent-0"));
        assertThat(lines(program, "HTTP 401")).hasSize(1);
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

    @Test
    void aWorkloadIdentitySignsInWithTheTokenThatIsProjected() {
        Overlay overlay = Overlay.WORKLOAD_IDENTITY;
        KubernetesApiServer cluster = installation.cluster;
        try (EntraSimulator entra = EntraSimulator.start()) {
            entra.addIssuer(cluster.issuer(), cluster.issuerKey());
            entra.client(CLIENT)
                    .federate(cluster.issuer(), "system:serviceaccount:" + overlay.namespace() + ":agent-reaper");
            installation.azure.connectTo(entra);
            installation.apply(
                    overlay,
                    directory,
                    "delete",
                    "AZURE_AUTHORITY_HOST=" + entra.url(),
                    "AZURE_TENANT_ID=" + entra.tenant(),
                    "AZURE_CLIENT_ID=" + CLIENT);

            installation.ready(overlay.namespace());

            assertThat(entra.requests()).isNotEmpty().allMatch(request -> request.status() == 200);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theApiServerAcceptsIt(Overlay overlay) {
        installation.knowKindsOfTheOperator();
        installation.createNamespace(overlay.namespace());

        installation.apply(overlay.objects(), "--dry-run=server");
    }
}
