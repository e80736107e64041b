package dev.agentreaper.deployment;

import static dev.agentreaper.deployment.Installation.WITHIN;
import static dev.agentreaper.deployment.Installation.eventually;
import static dev.agentreaper.deployment.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.Needs;
import dev.agentreaper.simulator.NeedsApiServer;
import dev.agentreaper.simulator.SimulatedAgent;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new user's way through the README, on an empty cluster. */
@NeedsApiServer
@Needs({Needs.Tool.KUBECTL, Needs.Tool.CONTAINERS})
class InstallIT {
    private final KubernetesApiServer cluster = KubernetesApiServer.start();
    private final Installation installation = new Installation(cluster);

    @TempDir
    Path directory;

    @AfterEach
    void end() {
        installation.close();
        cluster.close();
    }

    @Test
    void theInstallSectionLeadsToARemovedAgent() throws IOException {
        installation.runs("agents", "azdevops-agent-0");
        installation.runs("agents", "azdevops-agent-1");
        installation.straggler("azdevops-agent-2");
        InstallSection section = new InstallSection(directory, installation);

        section.follow(2);
        section.follow(3);
        Program dryRun = installation.ready("agent-reaper");
        installation.cluster.delete("agents", "azdevops-agent-0");
        eventually(
                dryRun,
                () -> !lines(dryRun, "would remove (dry-run)", "agent=azdevops-agent-0 ")
                        .isEmpty());
        assertThat(installation.sweep("agent-reaper").exitCode(WITHIN)).isZero();
        assertThat(installation.pool.agents()).hasSize(3);

        section.follow(5);
        Program program = installation.ready("agent-reaper");
        dryRun.terminate();
        assertThat(dryRun.exitCode(WITHIN)).isZero();
        installation.cluster.delete("agents", "azdevops-agent-1");
        eventually(program, () -> !installation.hasAgent("azdevops-agent-1"));
        assertThat(installation.sweep("agent-reaper").exitCode(WITHIN)).isZero();
        assertThat(installation.pool.agents())
                .extracting(SimulatedAgent::name)
                .as("its pod was gone before the program watched, and Azure DevOps still calls it online")
                .containsExactly("azdevops-agent-0");
    }
}
