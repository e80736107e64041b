package dev.agentreaper.kubernetes.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What is refused: each in one line that names the thing and the cure. */
class KubeconfigTest {
    private static final Path NO_SERVICE_ACCOUNT = Path.of("/no/service/account");
    private static final Map<String, String> NO_ENVIRONMENT = Map.of();

    @TempDir
    Path directory;

    record Wrong(String kubeconfig, List<String> told) {
        Wrong(String kubeconfig, String... told) {
            this(kubeconfig, List.of(told));
        }
    }

    static final Wrong[] WRONG_AS_A_WHOLE = {
        new Wrong("", "it is empty. For example: KUBECONFIG="),
        new Wrong("just a text", "it is no kubeconfig: it has no keys. For example: KUBECONFIG="),
        new Wrong("a: b\nclusters: [unclosed s3cret", "it is no YAML at line 2. For example: KUBECONFIG="),
        new Wrong("token: \"s3cret\u0000\"", "it is no YAML. For example: KUBECONFIG="),
        new Wrong("clusters: {}", "clusters of it is no list"),
        new Wrong("users: [{user: {token: s3cret}}]", "an element of users of it has no name"),
        new Wrong("current-context: [a]", "current-context of it is no text"),
        new Wrong(
                "kind: Config", "it has no current-context; choose one: kubectl config use-context NAME (it has none)"),
        new Wrong(
                "contexts: [{name: a, context: {}}, {name: b}]",
                "it has no current-context",
                "use-context NAME (it has a, b)"),
        new Wrong(
                "{current-context: c, contexts: [{name: a}]}",
                "its current-context «c» is none of its contexts",
                "(it has a)"),
        new Wrong(
                "{current-context: a, contexts: [{name: a, context: {user: u}}]}",
                "its context «a» names no cluster; give it one: kubectl config set-context --current --cluster=NAME"),
        new Wrong(
                "{current-context: a, contexts: [{name: a, context: {cluster: c}}], clusters: [{name: c}]}",
                "its context «a» names no user; give it one: kubectl config set-context --current --user=NAME"),
        new Wrong(
                "{current-context: a, contexts: [{name: a, context: {cluster: c, user: u}}], clusters: [{name: d}]}",
                "its context «a» names the cluster «c», which is none of its clusters (d)"),
        new Wrong(
                "{current-context: a, contexts: [{name: a, context: {cluster: c, user: u}}], clusters: [{name: c}]}",
                "its context «a» names the user «u», which is none of its users (it has none)"),
    };

    @ParameterizedTest
    @FieldSource("WRONG_AS_A_WHOLE")
    void aFileThatLeadsToNoClusterAndUserIsRefused(Wrong wrong) throws IOException {
        refused(wrong.kubeconfig, wrong.told);
    }

    static final Wrong[] WRONG_CLUSTERS = {
        new Wrong("{}", "its cluster «c» has no server, such as https://10.0.0.1:6443"),
        new Wrong("{server: '10.0.0.1:6443'}", "server «10.0.0.1:6443» of its cluster «c» is not an address such as"),
        new Wrong("{server: 'ftp://10.0.0.1'}", "is not an address"),
        new Wrong("{server: 'https://a b'}", "is not an address"),
        new Wrong("{server: 'https://me:s3cret@a'}", "server of its cluster «c» has a user in it"),
        new Wrong("{server: [a]}", "server of its cluster «c» is no text"),
        new Wrong(
                "{server: 'https://a', certificate-authority: no.crt}",
                "certificate-authority of its cluster «c» can't be read from ",
                "/no.crt: there is no such file"),
        new Wrong(
                "{server: 'https://a', certificate-authority: .}",
                "certificate-authority of its cluster «c» can't be read from "),
        new Wrong(
                "{server: 'https://a', certificate-authority-data: 'no!'}",
                "certificate-authority-data of its cluster «c» is no Base64"),
        new Wrong(
                "{server: 'https://a', certificate-authority-data: bm9uZQ==}",
                "certificate-authority-data of its cluster «c» ",
                "certificate"),
        new Wrong(
                "{server: 'https://a', certificate-authority-data: Cg==}",
                "certificate-authority-data of its cluster «c» is no PEM certificate, a block that begins with -----BEGIN CERTIFICATE-----"),
        new Wrong(
                "{server: 'https://a', insecure-skip-tls-verify: 'yes'}",
                "insecure-skip-tls-verify of its cluster «c» is neither true nor false"),
        new Wrong(
                "{server: 'https://a', proxy-url: 'https://p'}",
                "proxy-url of its cluster «c»: a proxy that speaks https itself is not supported; use an http:// or"),
        new Wrong(
                "{server: 'https://a', proxy-url: 'socks5://me:s3cret@p'}",
                "proxy-url of its cluster «c»: signing in to a SOCKS proxy is not supported"),
        new Wrong(
                "{server: 'https://a', proxy-url: 'a b'}",
                "proxy-url of its cluster «c»: it is not the URL of a proxy"),
    };

    @ParameterizedTest
    @FieldSource("WRONG_CLUSTERS")
    void aClusterThatCanNotBeReachedAsItSaysIsRefused(Wrong wrong) throws IOException {
        refused(kubeconfig(wrong.kubeconfig, "{token: s3cret}"), wrong.told);
    }

    static final Wrong[] WRONG_USERS = {
        new Wrong("{tokenFile: none}", "tokenFile of its user «u» can't be read from ", "/none: there is no such file"),
        new Wrong("{tokenFile: empty}", "tokenFile of its user «u» is empty"),
        new Wrong("{token: 's3cret s3cret'}", "token of its user «u» has characters that no token has"),
        new Wrong("{token: {a: s3cret}}", "token of its user «u» is no text"),
        new Wrong(
                "{auth-provider: {name: gcp, config: {access-token: s3cret}}}",
                "its user «u» signs in with the auth-provider gcp, which is not supported",
                "gcloud container clusters get-credentials"),
        new Wrong("{auth-provider: {name: azure}}", "auth-provider azure", "kubelogin convert-kubeconfig"),
        new Wrong("{auth-provider: {name: oidc}}", "auth-provider oidc", "exec plug-in"),
        new Wrong("{token: s3cret, as: admin}", "its user «u» impersonates another by «as», which is not supported"),
        new Wrong("{token: s3cret, as-groups: [a]}", "impersonates another by «as-groups»"),
        new Wrong("{client-certificate: a.crt}", "its user «u» has a client-certificate without a client-key"),
        new Wrong("{client-key-data: YQ==}", "its user «u» has a client-key without a client-certificate"),
        new Wrong(
                "{client-certificate: no.crt, client-key: no.key}",
                "client-key of its user «u» can't be read from ",
                "/no.key: there is no such file"),
        new Wrong(
                "{client-certificate-data: YQ==, client-key-data: YQ==}",
                "client-key-data of its user «u» has no private key"),
        new Wrong(
                "{client-certificate-data: YQ==, client-key: encrypted.key}",
                "client-key of its user «u» is encrypted"),
        new Wrong(
                "{client-certificate-data: YQ==, client-key: broken.key}",
                "client-key of its user «u» is no private key that we can read"),
        new Wrong("{exec: text}", "exec of its user «u» has no keys"),
        new Wrong("{exec: {apiVersion: client.authentication.k8s.io/v1}}", "exec of its user «u» names no command"),
        new Wrong(
                "{exec: {apiVersion: client.authentication.k8s.io/v2, command: sh}}",
                "apiVersion «client.authentication.k8s.io/v2» of exec of its user «u» is not supported"),
        new Wrong(
                "{exec: {apiVersion: client.authentication.k8s.io/v1, command: no-plugin, installHint: get it}}",
                "exec of its user «u» runs «no-plugin», which no directory of PATH has; install it",
                ": get it"),
        new Wrong(
                "{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./no-plugin}}",
                "exec of its user «u» runs ",
                "/no-plugin, which is no program here; install it"),
        new Wrong(
                "{exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, interactiveMode: Always}}",
                "exec of its user «u» runs «sh», which needs a terminal"),
    };

    @ParameterizedTest
    @FieldSource("WRONG_USERS")
    void aUserWhoCanNotSignInAsItSaysIsRefused(Wrong wrong) throws IOException {
        Files.writeString(directory.resolve("empty"), "\n");
        Files.writeString(directory.resolve("encrypted.key"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
        Files.writeString(
                directory.resolve("broken.key"), "-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----\n");
        refused(kubeconfig("{server: 'https://a'}", wrong.kubeconfig), wrong.told);
    }

    @Test
    void ofSeveralFilesTheWrongOneIsNamed() throws IOException {
        Path right = Files.writeString(directory.resolve("right"), kubeconfig("{server: 'https://a'}", "{token: t}"));
        Path wrong = Files.writeString(directory.resolve("wrong"), "");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> connect(right + File.pathSeparator + wrong))
                .withMessageContaining(": " + wrong + " is empty.");
    }

    @Test
    void aProxyOfTheEnvironmentThatIsNoneIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), kubeconfig("{server: 'https://a'}", "{token: t}"));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> KubernetesClient.connect(
                        file.toString(),
                        Map.of("https_proxy", "https://me:s3cret@proxy"),
                        NO_SERVICE_ACCOUNT,
                        "test",
                        InstantSource.system(),
                        warning -> {}))
                .withMessageContaining("HTTPS_PROXY: a proxy that speaks https itself is not supported")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @CsvSource({"http://10.0.0.1, true", "https://10.0.0.1, false", "http://127.0.0.1, false", "http://localhost, false"
    })
    void thatATokenGoesUnencryptedIsToldUnlessItStaysOnTheMachine(String server, boolean told) throws IOException {
        Path file =
                Files.writeString(directory.resolve("file"), kubeconfig("{server: '" + server + "'}", "{token: t}"));
        List<String> warnings = new ArrayList<>();

        var _ = KubernetesClient.connect(
                file.toString(), NO_ENVIRONMENT, NO_SERVICE_ACCOUNT, "test", InstantSource.system(), warnings::add);

        assertThat(warnings).hasSize(told ? 1 : 0).allMatch(warning -> warning.contains("unencrypted to " + server));
    }

    private static String kubeconfig(String cluster, String user) {
        return """
                current-context: x
                contexts: [{name: x, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: %s}]
                users: [{name: u, user: %s}]
                """.formatted(cluster, user);
    }

    private void refused(String kubeconfig, List<String> told) throws IOException {
        Path file = Files.writeString(directory.resolve("kubeconfig"), kubeconfig);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> connect(file.toString()))
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith("KUBECONFIG «" + file + "»: ")
                        .contains(told)
                        .doesNotContain("s3cret", "null", "\n"));
    }

    private static void connect(String kubeconfig) {
        var _ = KubernetesClient.connect(
                kubeconfig, NO_ENVIRONMENT, NO_SERVICE_ACCOUNT, "test", InstantSource.system(), warning -> {});
    }
}
