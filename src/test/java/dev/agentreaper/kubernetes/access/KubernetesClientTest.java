package dev.agentreaper.kubernetes.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.KubernetesException;
import dev.agentreaper.kubernetes.PodScope;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.LoopbackRelay;
import dev.agentreaper.simulator.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credentials and certificates that change while we run, and the service account that a pod has. */
class KubernetesClientTest {
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final TestAuthority authority = TestAuthority.create();
    private final LoopbackRelay tls = LoopbackRelay.tlsFor(cluster.url(), authority.server("127.0.0.1", "::1"));
    private Instant now = Instant.parse("2026-03-03T09:00:00Z");

    @TempDir
    Path directory;

    @BeforeEach
    void begin() throws IOException {
        cluster.createNamespace("agents");
        cluster.create(KubernetesPod.of("agents", "pod-1").label("app", "agent"));
        Files.writeString(directory.resolve("token"), cluster.token());
        Files.writeString(directory.resolve("ca.crt"), authority.certificate());
    }

    @AfterEach
    void end() {
        tls.close();
        cluster.close();
    }

    @Test
    void inAClusterThePodsServiceAccountIsUsed() throws IOException {
        assertThat(pods(inCluster("127.0.0.1", tls.port()))).containsExactly("pod-1");
    }

    @Test
    void inAClusterTheServersAddressMayBeOneOfIpV6() throws IOException {
        assertThat(connect(Map.of("KUBERNETES_SERVICE_HOST", "fd00::1"))).hasToString("https://[fd00::1]:443");
        try (LoopbackRelay sixth = LoopbackRelay.at("::1", URI.create("https://127.0.0.1:" + tls.port()))) {
            assertThat(pods(inCluster("::1", sixth.port()))).containsExactly("pod-1");
        } catch (UncheckedIOException e) {
            abort("this machine has no IPv6: " + e.getMessage());
        }
    }

    @Test
    void inAClusterNoProxyIsOnTheWay() throws IOException {
        Map<String, String> environment = Map.of(
                "KUBERNETES_SERVICE_HOST", "127.0.0.1",
                "KUBERNETES_SERVICE_PORT", Integer.toString(tls.port()),
                "HTTPS_PROXY", "http://127.0.0.1:1");

        assertThat(pods(new KubernetesApi(connect(environment)))).containsExactly("pod-1");
    }

    @Test
    void aTokenThatRotatesIsSeenByTheNextCall() throws IOException {
        Files.writeString(directory.resolve("token"), "run-out");
        KubernetesApi api = inCluster("127.0.0.1", tls.port());
        assertThatIOException().isThrownBy(() -> pods(api)).withMessageContaining("HTTP 401");

        Files.writeString(directory.resolve("token"), cluster.token() + "\n");

        assertThat(pods(api)).containsExactly("pod-1");
    }

    @Test
    void aTokenFileThatIsGoneForAMomentFailsACallAndNothingElse() throws IOException {
        KubernetesApi api = inCluster("127.0.0.1", tls.port());
        Files.delete(directory.resolve("token"));
        assertThatIOException()
                .isThrownBy(() -> pods(api))
                .withMessageContaining("the service account's token can't be read from " + directory.resolve("token"))
                .satisfies(e -> assertThat(e.getMessage()).contains("mend that file"));

        Files.writeString(directory.resolve("token"), cluster.token());

        assertThat(pods(api)).containsExactly("pod-1");
    }

    @Test
    void aNewAuthorityOfTheClusterIsTakenFromItsFileWhenTheOldOneNoLongerHolds() throws IOException {
        KubernetesApi api = inCluster("127.0.0.1", tls.port());
        assertThat(pods(api)).containsExactly("pod-1");
        TestAuthority next = TestAuthority.create();
        tls.show(next.server("127.0.0.1"));
        now = now.plusSeconds(11);
        assertThatIOException()
                .isThrownBy(() -> pods(api))
                .satisfies(e -> assertThat(e.getMessage()).contains("ca.crt of the service account"));

        Files.writeString(directory.resolve("ca.crt"), next.certificate());

        assertThat(pods(api)).containsExactly("pod-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token | '' | the service account's token is empty",
                "token | a b | the service account's token has characters that no token has",
                "ca.crt | none | the cluster's certificate",
            })
    void aServiceAccountThatCanNotBeUsedIsAFault(String file, String content, String told) throws IOException {
        Files.writeString(directory.resolve(file), content);

        faults(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"), told);
    }

    @Test
    void aServiceAccountThatIsNotThereIsAFault() throws IOException {
        Files.delete(directory.resolve("token"));

        faults(Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1"), "the service account's token can't be read");
        faults(Map.of(), "KUBERNETES_SERVICE_HOST is not set");
        faults(
                Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "tcp://10.0.0.1:443"),
                "KUBERNETES_SERVICE_PORT «tcp://10.0.0.1:443» is no port");
    }

    @Test
    void anExecPluginIsRunAgainWhenWhatItGaveHasRunOutAndNotBefore() throws IOException {
        KubernetesApi api =
                withPlugin("""
                echo x >> runs
                echo '%s'
                """.formatted(credential("token", cluster.token(), "2026-03-03T10:00:00+01:00")));
        now = Instant.parse("2026-03-03T08:59:59Z");
        for (int call = 0; call < 3; call++) {
            assertThat(pods(api)).containsExactly("pod-1");
        }
        assertThat(directory.resolve("runs")).hasContent("x");

        now = Instant.parse("2026-03-03T09:00:00Z");

        assertThat(pods(api)).containsExactly("pod-1");
        assertThat(directory.resolve("runs")).hasContent("x\nx");
    }

    @Test
    void anExecPluginIsRunAgainWhenWhatItGaveIsRefusedButNotWithoutEnd() throws IOException {
        KubernetesApi api = withPlugin("""
                echo x >> runs
                echo '%s'
                """.formatted(credential("token", "of-yesterday", "2030-01-01T00:00:00Z")));
        for (int call = 0; call < 3; call++) {
            assertThatIOException().isThrownBy(() -> pods(api)).withMessageContaining("HTTP 401");
        }
        assertThat(directory.resolve("runs")).hasContent("x");

        plugin("echo '%s'".formatted(credential("token", cluster.token(), "2030-01-01T00:00:00Z")));
        now = now.plus(Duration.ofSeconds(11));
        assertThatIOException().isThrownBy(() -> pods(api)).withMessageContaining("HTTP 401");

        assertThat(pods(api)).containsExactly("pod-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "echo s3cret; echo no login >&2; exit 3 | ended with 3: no login",
                "echo s3cret | did not print an ExecCredential as JSON",
                "echo '{\"kind\": \"s3cret\"}' | did not print an ExecCredential of client.authentication.k8s.io/v1",
                "true | did not print an ExecCredential as JSON",
                "kill -9 $$ | ended with 137",
            })
    void anExecPluginThatGivesNothingIsToldAndAskedAgain(String script, String told) throws IOException {
        KubernetesApi api = withPlugin(script);
        assertThatExceptionOfType(KubernetesException.class)
                .isThrownBy(() -> pods(api))
                .withMessageStartingWith("can't sign in to the Kubernetes API at " + cluster.url())
                .withMessageContaining("the exec plug-in «./plugin» " + told)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));

        plugin("echo '%s'".formatted(credential("token", cluster.token(), "2030-01-01T00:00:00Z")));
        now = now.plusSeconds(1);

        assertThat(pods(api)).containsExactly("pod-1");
    }

    @Test
    void anExecPluginThatFailsIsNotRunForEachCall() throws IOException {
        KubernetesApi api = withPlugin("echo x >> runs; exit 1");
        List<Integer> pauses = List.of(1, 2, 4, 8, 10, 10);
        for (int i = 0; i < pauses.size(); i++) {
            for (int call = 0; call < 3; call++) {
                assertThatIOException().isThrownBy(() -> pods(api)).withMessageContaining("ended with 1");
            }
            assertThat(directory.resolve("runs")).hasContent("x\n".repeat(i + 1));
            now = now.plusSeconds(pauses.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "token, '', 2030-01-01T00:00:00Z, printed neither a token nor a certificate with its key",
        "clientCertificateData, x, 2030-01-01T00:00:00Z, printed neither a token nor a certificate with its key",
        "token, t, soon, printed an expirationTimestamp that is no time",
    })
    void anExecPluginThatGivesHalfACredentialIsTold(String field, String value, String until, String told)
            throws IOException {
        KubernetesApi api = withPlugin("echo '%s'".formatted(credential(field, value, until)));

        assertThatIOException().isThrownBy(() -> pods(api)).withMessageContaining(told);
    }

    private static String credential(String field, String value, String until) {
        return """
                {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                 "status": {"%s": "%s", "expirationTimestamp": "%s"}}""".formatted(field, value, until);
    }

    private KubernetesApi withPlugin(String script) throws IOException {
        plugin(script);
        Path kubeconfig = Files.writeString(directory.resolve("kubeconfig"), """
                current-context: x
                contexts: [{name: x, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin}}}]
                """.formatted(cluster.url()));
        return new KubernetesApi(KubernetesClient.connect(
                kubeconfig.toString(), System.getenv(), Path.of("/none"), "test", () -> now, warning -> {}));
    }

    private void plugin(String script) throws IOException {
        Path plugin =
                Files.writeString(directory.resolve("plugin"), "#!/bin/sh\ncd '%s'\n%s\n".formatted(directory, script));
        assertThat(plugin.toFile().setExecutable(true)).isTrue();
    }

    private KubernetesApi inCluster(String host, int port) {
        return new KubernetesApi(
                connect(Map.of("KUBERNETES_SERVICE_HOST", host, "KUBERNETES_SERVICE_PORT", Integer.toString(port))));
    }

    private KubernetesClient connect(Map<String, String> environment) {
        return KubernetesClient.connect(null, environment, directory, "test", () -> now, warning -> {});
    }

    private void faults(Map<String, String> environment, String told) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> connect(environment))
                .withMessageStartingWith(
                        "KUBECONFIG is missing, and this is no pod of a cluster with a service account")
                .withMessageContaining(told)
                .withMessageContaining("For example: KUBECONFIG=");
    }

    private static List<String> pods(KubernetesApi api) throws IOException {
        List<String> names = new ArrayList<>();
        var _ = api.list(
                new PodScope("agents", "app=agent"), pod -> names.add(pod.key().name()));
        return names;
    }
}
