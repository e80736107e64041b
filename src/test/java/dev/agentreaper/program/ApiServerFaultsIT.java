package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesCluster.Snapshot;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.LoopbackRelay;
import dev.agentreaper.simulator.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What only a real API server, one of its own, and its etcd and controllers can do to pods and to watches of them. */
@NeedsApiServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerFaultsIT {
    private final KubernetesApiServer server = KubernetesApiServer.start();
    private final LoopbackRelay relay = LoopbackRelay.at("127.0.0.1", server.url());
    private final Scene<KubernetesApiServer> scene = new Scene<>(server);

    @BeforeAll
    void startTheProgramWithTheRelayBeforeTheServer(@TempDir Path directory) throws IOException {
        String port = Integer.toString(server.url().getPort());
        Path kubeconfig = Files.writeString(
                directory.resolve("kubeconfig"),
                Files.readString(server.kubeconfig()).replace(port, Integer.toString(relay.port())));
        scene.started(scene.configured().env("KUBECONFIG", kubeconfig).env("QUARKUS_LOG_LEVEL", "DEBUG"));
    }

    @AfterAll
    void end() {
        scene.close();
        relay.close();
        server.close();
    }

    @Test
    void aHalfOpenConnectionIsFoundWithinAMinute() {
        scene.runs("half-open");
        scene.runs("half-open-lives");
        scene.awaitPast();

        relay.silence();
        scene.dies("half-open");

        await().atMost(Duration.ofMinutes(1)).until(() -> !scene.hasAgent("half-open"));
        scene.awaitPast();
        assertThat(scene.hasAgent("half-open-lives")).isTrue();
    }

    @Test
    void whatARestoredEtcdLacksKeepsItsAgent() {
        scene.runs("before-the-snapshot");
        Snapshot snapshot = server.snapshot();
        scene.runs("after-the-snapshot");
        for (int i = 0; i < 50; i++) {
            server.create(KubernetesPod.of(scene.namespace, "of-another-application-" + i));
        }
        scene.awaitPast();
        int recoveries = recoveriesOfTheWatch();

        snapshot.restore();
        eventually().until(() -> recoveriesOfTheWatch() > recoveries);
        scene.awaitPast();
        assertThat(server.pod(scene.namespace, "after-the-snapshot")).isEmpty();
        assertThat(scene.hasAgent("after-the-snapshot")).isTrue();

        scene.dies("before-the-snapshot");
        scene.awaitRemoved("before-the-snapshot");
    }

    @Test
    void thePodsOfADeletedNamespaceKeepTheirAgentsUntilTheyAreGone() {
        assumeThat(KubernetesApiServer.assets().orElseThrow().resolve("kube-controller-manager"))
                .as("setup-envtest does not bring it")
                .exists();
        server.startControllers();
        String team = "team-" + UUID.randomUUID();
        server.createNamespace(team);
        List<String> pods = List.of("of-the-team-1", "of-the-team-2");
        for (String pod : pods) {
            scene.runs(scene.pod(team, pod));
            scene.pool.register(pod, Map.of());
        }

        server.deleteNamespace(team);
        eventually().until(() -> pods.stream().allMatch(pod -> isTerminating(team, pod)));
        scene.awaitPast();
        assertThat(pods).allMatch(scene::hasAgent);

        pods.forEach(pod -> server.delete(team, pod));
        pods.forEach(scene::awaitRemoved);
        eventually().until(() -> server.find("/api/v1/namespaces/" + team).isEmpty());
    }

    private boolean isTerminating(String namespace, String pod) {
        return server.pod(namespace, pod).orElseThrow().at("/metadata").has("deletionTimestamp");
    }

    private int recoveriesOfTheWatch() {
        return linesWith(scene.program(), ": works again after ").size();
    }
}
