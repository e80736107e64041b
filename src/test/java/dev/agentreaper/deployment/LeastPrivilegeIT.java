package dev.agentreaper.deployment;

import static dev.agentreaper.deployment.Installation.eventually;
import static dev.agentreaper.deployment.Installation.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.Needs;
import dev.agentreaper.simulator.NeedsApiServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** That the rights of the manifests suffice, that none is too many, and what is said where one is missing. */
@NeedsApiServer
@Needs({Needs.Tool.KUBECTL, Needs.Tool.CONTAINERS})
class LeastPrivilegeIT {
    private final Installation installation;

    @TempDir
    Path directory;

    LeastPrivilegeIT(KubernetesApiServer cluster) {
        installation = new Installation(cluster);
    }

    @AfterEach
    void end() {
        installation.close();
    }

    @ParameterizedTest
    @CsvSource({"DEFAULT, agents", "ONE_NAMESPACE, build-agents"})
    void theRightsSufficeForTheWholeJob(Overlay overlay, String agents) {
        installation.apply(overlay, directory, "delete");
        installation.runs(agents, "azdevops-agent-0");
        installation.runs(agents, "azdevops-agent-1");
        installation.straggler("azdevops-agent-2");

        Program program = installation.ready(overlay.namespace());
        eventually(program, () -> !installation.hasAgent("azdevops-agent-2"));
        installation.cluster.delete(agents, "azdevops-agent-0");
        eventually(program, () -> !installation.hasAgent("azdevops-agent-0"));
        assertThat(installation.hasAgent("azdevops-agent-1")).isTrue();
        assertThat(lines(program, " WARN ")).isEmpty();

        installation.straggler("azdevops-agent-3");
        Program sweep = installation.sweep(overlay.namespace());
        assertThat(sweep.exitCode(Installation.WITHIN)).isZero();
        assertThat(installation.hasAgent("azdevops-agent-3")).isFalse();
        assertThat(lines(sweep, " WARN ")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFAULT", "ONE_NAMESPACE"})
    void withoutTheRightToListItIsNotReadyAndSaysSo(Overlay overlay) {
        installation.apply(overlay, directory, "delete");
        allow(overlay, "get", "watch");
        installation.straggler("azdevops-agent-0");

        Program program = installation.start(overlay.namespace()).program();
        isToldOnce(program, "cannot list resource");
        assertThat(program.isReady()).isFalse();
        Program sweep = installation.sweep(overlay.namespace());
        assertThat(sweep.exitCode(Installation.WITHIN)).isEqualTo(1);
        assertThat(lines(sweep, "cannot list resource")).hasSize(1);
        assertThat(installation.hasAgent("azdevops-agent-0")).isTrue();

        allow(overlay, "get", "list", "watch");
        eventually(program, () -> program.isReady() && !installation.hasAgent("azdevops-agent-0"));
        isToldOnce(program, "cannot list resource");
    }

    @ParameterizedTest
    @EnumSource(names = {"DEFAULT", "ONE_NAMESPACE"})
    void withoutTheRightToWatchItSaysSo(Overlay overlay) {
        installation.apply(overlay, directory, "delete");
        allow(overlay, "get", "list");

        Program program = installation.start(overlay.namespace()).program();
        isToldOnce(program, "cannot watch resource");

        allow(overlay, "get", "list", "watch");
        eventually(program, () -> !lines(program, "works again").isEmpty());
        isToldOnce(program, "cannot watch resource");
    }

    @ParameterizedTest
    @CsvSource({"DEFAULT, agents", "ONE_NAMESPACE, build-agents"})
    void withoutTheRightToGetItRemovesNothingAndSaysSo(Overlay overlay, String agents) {
        installation.apply(overlay, directory, "delete");
        allow(overlay, "list", "watch");
        installation.runs(agents, "azdevops-agent-0");
        installation.runs(agents, "azdevops-agent-1");
        Program program = installation.ready(overlay.namespace());

        installation.cluster.delete(agents, "azdevops-agent-0");
        installation.cluster.delete(agents, "azdevops-agent-1");
        isToldOnce(program, "cannot get resource");
        assertThat(installation.hasAgent("azdevops-agent-0")).isTrue();

        allow(overlay, "get", "list", "watch");
        eventually(program, () -> installation.pool.agents().isEmpty());
        isToldOnce(program, "cannot get resource");
    }

    @Test
    void inOneNamespaceItCanReadNothingElse() {
        installation.apply(Overlay.ONE_NAMESPACE, directory, "delete");

        installation.createNamespace("agents");
        assertThat(rights("build-agents", "build-agents")).containsExactly("pods [get list watch]");
        assertThat(rights("build-agents", "agents")).isEmpty();
    }

    @Test
    void inAllNamespacesItCanReadPodsAlone() {
        installation.apply(Overlay.DEFAULT, directory, "delete");
        installation.createNamespace("agents");

        assertThat(rights("agent-reaper", "agents")).containsExactly("pods [get list watch]");
    }

    /** What our service account may do in a namespace, besides what every user may. */
    private List<String> rights(String ofNamespace, String in) {
        String account = "system:serviceaccount:" + ofNamespace + ":";
        Predicate<String> everyUsers = rightsOf(account + "another", in)::contains;
        return rightsOf(account + "agent-reaper", in).stream()
                .filter(everyUsers.negate())
                .toList();
    }

    private List<String> rightsOf(String user, String in) {
        return installation
                .kubectl("auth", "can-i", "--list", "--namespace=" + in, "--as=" + user)
                .lines()
                .skip(1)
                .map(line -> line.replaceAll("\\s+\\[]", "").replaceAll("\\s+", " "))
                .toList();
    }

    private static void isToldOnce(Program program, String what) {
        eventually(program, () -> !lines(program, what).isEmpty());
        assertThat(lines(program, what))
                .singleElement()
                .asString()
                .contains(" WARN ", "HTTP 403", "grant get, list and watch on pods");
    }

    /** Changes the one rule of our role. */
    private void allow(Overlay overlay, String... verbs) {
        String role = overlay == Overlay.DEFAULT
                ? "clusterroles/agent-reaper"
                : "namespaces/" + overlay.namespace() + "/roles/agent-reaper";
        installation.cluster.mergePatch(
                "/apis/rbac.authorization.k8s.io/v1/" + role, """
                {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["%s"]}]}""".formatted(String.join("\", \"", verbs)));
    }
}
