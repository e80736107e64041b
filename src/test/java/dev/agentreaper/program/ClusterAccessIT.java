package dev.agentreaper.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.LoopbackRelay;
import dev.agentreaper.simulator.NeedsApiServer;
import dev.agentreaper.simulator.TestAuthority.Issued;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways into a cluster that kubeconfigs know. */
@NeedsApiServer
class ClusterAccessIT {
    private final KubernetesApiServer server;
    private final OneShotScene scene;

    @TempDir
    Path directory;

    ClusterAccessIT(KubernetesApiServer server) {
        this.server = server;
        scene = new OneShotScene(server);
        scene.running("agent-1");
        scene.straggler("agent-1");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource({"RSA, true", "RSA, false", "EC, true", "EC, false"})
    void aClientCertificateSignsInWhateverItsKeyIs(String algorithm, boolean pkcs8) throws IOException {
        Issued issued = server.authority().client("me", "system:masters", algorithm);
        String key = pkcs8 ? issued.pkcs8() : issued.traditional();
        assertThat(key).startsWith("-----BEGIN " + (pkcs8 ? "" : algorithm + " ") + "PRIVATE KEY-----");

        works(cluster(), """
                client-certificate-data: %s
                client-key-data: %s
                """.formatted(base64(issued.chain()), base64(key)));
    }

    @Test
    void certificatesAndKeysAreFilesBesideTheKubeconfig() throws IOException {
        Issued issued = server.authority().client("me", "system:masters", "RSA");
        Files.createDirectory(directory.resolve("pki"));
        Files.writeString(directory.resolve("pki/me.crt"), issued.chain());
        Files.writeString(directory.resolve("pki/me.key"), issued.traditional());
        Files.writeString(directory.resolve("ca.crt"), server.authority().certificate());

        works("""
                server: %s
                certificate-authority: ca.crt
                """.formatted(server.url()), """
                client-certificate: pki/me.crt
                client-key: %s
                """.formatted(directory.resolve("pki/me.key")));
    }

    @Test
    void aServerIsAskedForByTheNameThatIsGivenForIt() throws IOException {
        works(cluster() + "tls-server-name: " + KubernetesApiServer.SERVER_NAME, token());
    }

    @Test
    void aServerOfAnotherNameIsNoneOfOurs() throws IOException {
        Ended ended = plan(cluster() + "tls-server-name: another.test", token());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .contains("no answer from the Kubernetes API at %s by the name another.test".formatted(server.url()));
    }

    @Test
    void aServerThatNobodyVouchesForIsRefusedAndTheCureIsTold() throws IOException {
        Ended ended = plan("server: " + server.url(), token());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("certificate-authority in KUBECONFIG");
    }

    @Test
    void aServerIsTakenUnseenWhereThatIsAskedForAndThatIsTold() throws IOException {
        Ended ended = works("""
                server: %s
                insecure-skip-tls-verify: true
                """.formatted(server.url()), token());

        assertThat(ended.warnings()).singleElement().asString().contains("insecure-skip-tls-verify");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:%d", "http://me:p%%20w@127.0.0.1:%d", "socks5://127.0.0.1:%d"})
    void theServerIsReachedThroughTheProxyOfTheCluster(String url) throws IOException {
        try (LoopbackRelay proxy = LoopbackRelay.proxyTo(server.url())) {
            works(elsewhere() + "proxy-url: " + url.formatted(proxy.port()), token());

            assertThat(proxy.asked())
                    .isNotEmpty()
                    .allSatisfy(asked -> assertThat(asked)
                            .startsWith(
                                    url.startsWith("http")
                                            ? "CONNECT api.nowhere.test:443"
                                            : "SOCKS api.nowhere.test:443"));
            if (url.contains("@")) {
                assertThat(proxy.asked())
                        .allSatisfy(
                                asked -> assertThat(asked).contains("Proxy-Authorization: Basic " + base64("me:p w")));
            }
        }
    }

    @Test
    void theServerIsReachedThroughTheProxyOfTheEnvironmentUnlessItIsExcepted() throws IOException {
        try (LoopbackRelay proxy = LoopbackRelay.proxyTo(server.url())) {
            scene.env("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
            works(elsewhere(), token());
            assertThat(proxy.asked()).isNotEmpty().allMatch(asked -> asked.startsWith("CONNECT api.nowhere.test:443"));

            int before = proxy.asked().size();
            scene.env("NO_PROXY", "10.0.0.0/8,.nowhere.test");
            assertThat(plan(elsewhere(), token()).exitCode()).isEqualTo(1);
            assertThat(proxy.asked()).hasSize(before);
        }
    }

    @Test
    void aTokenIsReadFromAFileBesideTheKubeconfig() throws IOException {
        Files.writeString(directory.resolve("token"), server.token() + "\n");

        works(cluster(), "tokenFile: token");
    }

    @Test
    void anExecPluginGivesATokenAndIsToldOfTheCluster() throws IOException {
        plugin("""
                echo "$KUBERNETES_EXEC_INFO" > info
                echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
                       "status": {"token": "'$1$MORE'"}}'
                """);

        works(cluster(), """
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./plugin
                  args: ["%s"]
                  env: [{name: MORE, value: "%s"}]
                  interactiveMode: IfAvailable
                  provideClusterInfo: true
                """.formatted(
                        server.token().substring(0, 9), server.token().substring(9)));

        assertThat(OneShotScene.json(Files.readString(directory.resolve("info")))
                        .at("/spec/cluster/server")
                        .asText())
                .isEqualTo(server.url().toString());
    }

    @Test
    void anExecPluginGivesAClientCertificate() throws IOException {
        Issued issued = server.authority().client("me", "system:masters", "EC");
        plugin("""
                echo '{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": {
                  "clientCertificateData": "%s", "clientKeyData": "%s"}}'
                """.formatted(oneLine(issued.chain()), oneLine(issued.pkcs8())));

        works(cluster(), """
                exec:
                  apiVersion: client.authentication.k8s.io/v1beta1
                  command: ./plugin
                """);
    }

    @Test
    void severalFilesArePutTogetherAndTheFirstThatSaysAThingHoldsForIt() throws IOException {
        Path user = Files.writeString(directory.resolve("user"), """
                current-context: here
                users: [{name: me, user: {token: %s}}]
                """.formatted(server.token()));
        Path rest = Files.writeString(directory.resolve("rest"), """
                current-context: there
                contexts: [{name: here, context: {cluster: one, user: me}}]
                clusters: [{name: one, cluster: {server: "%s", certificate-authority-data: %s}}]
                users: [{name: me, user: {token: of-another}}]
                """.formatted(
                        server.url(), base64(server.authority().certificate())));

        alive(scene.env(
                        "KUBECONFIG",
                        String.join(File.pathSeparator, "/no/such/file", user.toString(), rest.toString()))
                .run("plan", "--output", "json"));
    }

    private Ended works(String cluster, String user) throws IOException {
        return alive(plan(cluster, user));
    }

    private static Ended alive(Ended ended) {
        assertThat(ended.exitCode()).as("%s", ended).isZero();
        assertThat(ended.verdicts()).isEqualTo(Map.of("agent-1", "KEEP POD_ALIVE"));
        return ended;
    }

    private Ended plan(String cluster, String user) throws IOException {
        Path kubeconfig =
                Files.writeString(directory.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: one, user: me}}]
                clusters:
                - name: one
                  cluster:
                %susers:
                - name: me
                  user:
                %s""".formatted(cluster.indent(4), user.indent(4)));
        return scene.env("KUBECONFIG", kubeconfig).run("plan", "--output", "json");
    }

    private String cluster() {
        return """
                server: %s
                certificate-authority-data: %s
                """.formatted(server.url(), base64(server.authority().certificate()));
    }

    /** The same server by a name that none but the proxy knows. */
    private String elsewhere() {
        return cluster().replace(server.url().toString(), "https://api.nowhere.test") + "tls-server-name: "
                + KubernetesApiServer.SERVER_NAME + "\n";
    }

    private String token() {
        return "token: " + server.token();
    }

    private void plugin(String script) throws IOException {
        Path plugin =
                Files.writeString(directory.resolve("plugin"), "#!/bin/sh\ncd '%s'\n%s".formatted(directory, script));
        assertThat(plugin.toFile().setExecutable(true)).isTrue();
    }

    private static String oneLine(String pem) {
        return pem.strip().replace("\n", "\\n");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
