package dev.agentreaper.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@NeedsApiServer
class KubernetesApiServerTest {
    private final String namespace = "test-" + UUID.randomUUID();

    @Test
    void aServiceAccountMayDoNothingWithPodsUntilItIsAllowed(KubernetesApiServer server) throws IOException {
        server.createNamespace(namespace);
        try (var reader = clientOf(server, server.kubeconfigFor(namespace, "reader"))) {
            assertThat(reader.get(pods()).status()).isEqualTo(403);
            assertThat(reader.get("/api/v1/pods").status()).isEqualTo(403);

            server.letReadPods(namespace, "reader", namespace);
            assertThat(reader.get(pods()).status()).isEqualTo(200);
            assertThat(reader.get(pods() + "/none").status()).isEqualTo(404);
            assertThat(reader.get("/api/v1/pods").status()).isEqualTo(403);

            server.letReadPodsEverywhere(namespace, "reader");
            assertThat(reader.get("/api/v1/pods").status()).isEqualTo(200);
            assertThat(reader.delete(pods() + "/none").status()).isEqualTo(403);
        }
    }

    @Test
    void aPausedServerAcceptsAndDoesNotAnswer(KubernetesApiServer server) throws Exception {
        try (var client = new KubernetesApiClient(server)) {
            var request =
                    client.request("/version").timeout(Duration.ofMillis(500)).build();
            server.pause();
            try {
                assertThatThrownBy(() -> client.http().send(request, BodyHandlers.ofString()))
                        .isInstanceOf(HttpTimeoutException.class);
            } finally {
                server.resume();
            }
            assertThat(client.get("/version").status()).isEqualTo(200);
        }
    }

    @Test
    void controllersDeleteNamespacesWithTheirPods() {
        Path controllers = KubernetesApiServer.assets().orElseThrow().resolve("kube-controller-manager");
        assumeThat(controllers).as("setup-envtest does not bring it").exists();
        Path directory;
        try (var server = KubernetesApiServer.start();
                var client = new KubernetesApiClient(server)) {
            directory = server.kubeconfig().getParent();
            server.createNamespace(namespace);
            server.create(KubernetesPod.of(namespace, "a"));
            server.startControllers();

            server.deleteNamespace(namespace);

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> client.get("/api/v1/namespaces/" + namespace).status() == 404);
            assertThat(server.pod(namespace, "a")).isEmpty();
        }
        assertThat(Files.exists(directory)).isFalse();
    }

    private String pods() {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    private static KubernetesApiClient clientOf(KubernetesApiServer server, Path kubeconfig) throws IOException {
        Matcher token = Pattern.compile("token: (\\S+)").matcher(Files.readString(kubeconfig));
        assertThat(token.find()).isTrue();
        return new KubernetesApiClient(server.url(), Optional.of(token.group(1)), server.certificateAuthority());
    }
}
