package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static dev.agentreaper.program.Scene.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentreaper.simulator.KubernetesCluster;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code run} makes of what becomes of pods, in whatever cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RunContract {
    private static final String LONG_NAME = "a-name-of-more-characters-than-a-host-name-may-have-is-cut-off--here";

    private final KubernetesCluster cluster;
    private final Scene<KubernetesCluster> scene;

    RunContract(KubernetesCluster cluster) {
        this.cluster = cluster;
        this.scene = new Scene<>(cluster);
    }

    @BeforeAll
    void endSomePodsAndStartTheProgram() {
        for (String phase : List.of("Succeeded", "Failed")) {
            String name = "early-" + phase.toLowerCase(Locale.ROOT);
            scene.runs(name);
            scene.ends(name, phase);
        }
        scene.runs("early-never-connected");
        scene.pool.neverConnected("early-never-connected");
        scene.ends("early-never-connected", "Failed");
        scene.started();
    }

    @AfterAll
    void end() {
        scene.close();
    }

    @Test
    void theAgentOfADeletedPodIsRemovedThoughAzureDevOpsCallsItOnline() {
        SimulatedAgent agent = scene.runs("deleted");
        assertThat(agent.status()).isEqualTo("online");

        scene.dies("deleted");

        scene.awaitRemoved("deleted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Succeeded", "Failed"})
    void theAgentOfAPodThatEndedIsRemovedOnce(String phase) {
        String name = "ended-" + phase.toLowerCase(Locale.ROOT);
        SimulatedAgent agent = scene.runs(name);

        scene.ends(name, phase);
        scene.awaitRemoved(name);

        scene.dies(name);
        scene.awaitPast();
        assertThat(scene.deletesOf(agent)).hasSize(1);
    }

    @Test
    void aPodThatHadEndedBeforeTheStartLosesItsAgentUnlessThatNeverConnected() {
        scene.awaitRemoved("early-succeeded");
        scene.awaitRemoved("early-failed");

        scene.awaitPast();
        assertThat(scene.hasAgent("early-never-connected")).isTrue();
    }

    @Test
    void aPodThatWentWhileTheApiServerWasDownIsFoundMissingHoweverOftenItWasAsked() {
        scene.runs("missed");
        scene.runs("not-missed");
        double asked = restartsOfTheWatch();

        cluster.stop();
        cluster.deleteWhileStopped(scene.namespace, "missed");
        eventually().until(() -> restartsOfTheWatch() >= asked + 5);
        assertThat(scene.hasAgent("missed")).isTrue();
        cluster.startAgain();

        scene.awaitRemoved("missed");
        scene.awaitPast();
        assertThat(scene.hasAgent("not-missed")).isTrue();
    }

    @Test
    void aPodThatLeavesTheSelectionKeepsItsAgent() {
        scene.runs("relabelled");

        relabel("relabelled", null);
        scene.awaitPast();
        assertThat(scene.hasAgent("relabelled")).isTrue();

        relabel("relabelled", scene.namespace);
        scene.dies("relabelled");
        scene.awaitRemoved("relabelled");
    }

    @Test
    void aTerminatingPodKeepsItsAgentUntilItIsGone() {
        scene.runs("terminating");

        cluster.deleteGracefully(scene.namespace, "terminating", Duration.ofHours(1));
        scene.awaitPast();
        assertThat(scene.hasAgent("terminating")).isTrue();

        scene.dies("terminating");
        scene.awaitRemoved("terminating");
    }

    @Test
    void aPodThatCameBackBeforeTheAgentCouldBeRemovedKeepsIt() {
        SimulatedAgent agent = scene.runs("came-back");
        scene.pool.busy("came-back", true);
        scene.dies("came-back");
        eventually().until(() -> !scene.deletesOf(agent).isEmpty());

        scene.runs(scene.pod("came-back"));
        scene.pool.registerReplacing("came-back", Map.of());
        scene.pool.busy("came-back", false);

        scene.awaitPast();
        assertThat(scene.pool.find("came-back").orElseThrow().id()).isEqualTo(agent.id());
        assertThat(scene.deletesOf(agent)).allMatch(request -> request.status() == 400);

        scene.dies("came-back");
        scene.awaitRemoved("came-back");
    }

    @Test
    void anAgentThatPodsOfTwoNamespacesShareGoesWithTheLast() {
        String other = scene.namespace + "-b";
        cluster.createNamespace(other);
        scene.runs(scene.pod("shared-a").env("AZP_AGENT_NAME", "shared"));
        scene.runs(scene.pod(other, "shared-b").env("AZP_AGENT_NAME", "Shared"));
        scene.pool.register("shared", Map.of());

        scene.dies("shared-a");
        scene.awaitPast();
        assertThat(scene.hasAgent("shared")).isTrue();

        cluster.delete(other, "shared-b");
        scene.awaitRemoved("shared");
    }

    Stream<Arguments> namings() {
        return Stream.of(
                arguments(scene.pod("literal").env("AZP_AGENT_NAME", "by-its-variable"), "by-its-variable"),
                arguments(
                        scene.pod("expanded")
                                .envFromField("POD_NAME", "metadata.name")
                                .env("AZP_AGENT_NAME", "az-$(POD_NAME)"),
                        "az-expanded"),
                arguments(scene.pod("by-field").envFromField("AZP_AGENT_NAME", "metadata.name"), "by-field"),
                arguments(scene.pod("with-hostname").hostname("the-host"), "the-host"),
                arguments(scene.pod("on-host-network").hostNetwork().node("node-of-its-own"), "node-of-its-own"),
                arguments(scene.pod(LONG_NAME), LONG_NAME.substring(0, 62)),
                arguments(scene.pod("with-capitals"), "With-CAPITALS"),
                arguments(
                        scene.pod("beside")
                                .env("AZP_AGENT_NAME", "")
                                .container("sidecar")
                                .env("AZP_AGENT_NAME", "of-the-sidecar"),
                        "beside"));
    }

    @ParameterizedTest
    @MethodSource("namings")
    void theAgentIsFoundByTheNameThatItsPodGivesIt(KubernetesPod pod, String agent) {
        scene.runs(pod);
        scene.pool.register(agent, Map.of());

        scene.dies(pod.name());

        scene.awaitRemoved(agent);
    }

    @Test
    void aNameFromASecretCannotBeTold() {
        scene.runs(scene.pod("secretive").envFromSecret("AZP_AGENT_NAME", "agent", "name"));
        scene.pool.register("secretive", Map.of());

        scene.dies("secretive");

        scene.awaitPast();
        assertThat(scene.hasAgent("secretive")).isTrue();
    }

    Stream<Arguments> placeholders() {
        return Stream.of(
                arguments(scene.pod("holds-a-place").env("AZP_PLACEHOLDER", "1"), Map.of()),
                arguments(scene.pod("from-blue-agent").env("AZP_TEMPLATE_JOB", "1"), Map.of()),
                arguments(scene.pod("linux-template"), Map.of()),
                arguments(scene.pod("says-so-itself"), Map.of("AZP_PLACEHOLDER", "true")));
    }

    @ParameterizedTest
    @MethodSource("placeholders")
    void aPlaceholderIsKept(KubernetesPod pod, Map<String, String> capabilities) {
        scene.runs(pod);
        scene.pool.register(pod.name(), capabilities);

        scene.dies(pod.name());

        scene.awaitPast();
        assertThat(scene.hasAgent(pod.name())).isTrue();
        assertThat(linesWith(scene.program(), "agent=" + pod.name() + " "))
                .singleElement()
                .asString()
                .contains(" INFO ", "kept ", "reason=PROTECTED");
    }

    @Test
    void aTemplateJobThatIsSwitchedOffIsAnAgentLikeAnyOther() {
        scene.runs(scene.pod("no-template-job").env("AZP_TEMPLATE_JOB", "0"));
        scene.pool.register("no-template-job", Map.of());

        scene.dies("no-template-job");

        scene.awaitRemoved("no-template-job");
    }

    @Test
    void aRemovalIsToldInOneLine() {
        SimulatedAgent agent = scene.runs("told-of");

        scene.dies("told-of");
        scene.awaitRemoved("told-of");

        scene.awaitPast();
        assertThat(linesWith(scene.program(), "told-of"))
                .singleElement()
                .asString()
                .matches("\\S+ INFO  removed pool=default agent=told-of pod=" + scene.namespace
                        + "/told-of trigger=event ms=\\d+ id=" + agent.id());
    }

    private double restartsOfTheWatch() {
        return metric(scene.program(), "agent_reaper_watch_restarts_total", "reason=\"failed\"");
    }

    private void relabel(String pod, @Nullable String app) {
        Map<String, @Nullable String> labels = new HashMap<>();
        labels.put("app", app);
        cluster.relabel(scene.namespace, pod, labels);
    }
}
