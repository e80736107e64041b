package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.EntraSimulator;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.LoopbackRelay;
import dev.agentreaper.simulator.ServiceAccountToken;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we sign in with is for that alone, and is shown nowhere: not even where a server's answer brings it back. */
class SecretsIT {
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";
    private static final String CLIENT_SECRET = "s3cret~that.is-long_and+odd";
    private static final String PROXY_PASSWORD = "pr0xy~pass+word";
    private static final String WRITTEN = "wr1ttenInTheWrongPlace";

    @TempDir
    Path directory;

    private final Scene<KubernetesSimulator> scene = Scene.simulated();
    private final List<String> secrets = new ArrayList<>();

    @AfterEach
    void end() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INFO", "TRACE"})
    void noTokenIsShownThoughEachServerBringsItBack(String level) throws IOException {
        String token = scene.azure.token();
        String encoded = Base64.getEncoder().encodeToString((":" + token).getBytes(UTF_8));
        secrets.addAll(List.of(token, encoded, scene.cluster.token()));
        scene.azure.failNext(1, AzureDevOpsFault.unauthorized());
        scene.cluster.fail(KubernetesOperation.LIST, KubernetesFault.unauthorized(), 1);
        Program program =
                scene.started(at(level).env("REAPER_SWEEP_EVERY", "1s").env("REAPER_SWEEP_AGENTS", "*"));

        String echo = "Authorization: Basic %s, the token %s, in %s"
                .formatted(encoded, token, URLEncoder.encode(encoded, UTF_8));
        bringsBack(scene, echo, 500);
        bringsBack(scene, echo, 403);
        scene.cluster.fail(
                KubernetesOperation.LIST,
                KubernetesFault.status(500, "InternalError", "Authorization: Bearer " + scene.cluster.token()),
                1);
        scene.cluster.fail(
                KubernetesOperation.LIST,
                new KubernetesFault.Answer(
                        302, Map.of("Location", scene.cluster.url() + "/?t=" + scene.cluster.token()), ""),
                1);
        eventually()
                .until(() -> !Scene.linesWith(program, "Kubernetes API at " + scene.cluster.url())
                                .isEmpty()
                        || !Scene.linesWith(program, "HTTP 500 from " + scene.cluster.url())
                                .isEmpty());
        scene.azure.failNext(1, AzureDevOpsFault.connectionReset(), AzureDevOpsOperation.DELETE_AGENT);
        scene.azure.failNext(
                1,
                AzureDevOpsFault.answer(302, Map.of("Location", scene.azure.url() + "/?t=" + encoded), ""),
                AzureDevOpsOperation.DELETE_AGENT);
        scene.cluster.fail(KubernetesOperation.GET, KubernetesFault.forbidden(), 1);
        scene.runs("a");
        scene.dies("a");
        scene.awaitRemoved("a");
        scene.awaitPast();

        assertThat(Scene.linesWith(program, "***")).isNotEmpty();
        assertNothingIsShown(program);
        assertThat(String.join("\n", program.log())).contains(level.equals("TRACE") ? " DEBUG " : " INFO ");
        assertThat(scene.azure.requests())
                .allSatisfy(request ->
                        assertThat(request.path() + "?" + request.query()).doesNotContain(forms()));
        assertThat(scene.cluster.requests())
                .allSatisfy(
                        request -> assertThat(request.path() + request.query()).doesNotContain(forms()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingOfWhatIsForEntraOrFromItIsShown(boolean bySecret) throws IOException {
        try (EntraSimulator entra = EntraSimulator.start()) {
            scene.azure.connectTo(entra);
            entra.client(CLIENT).secret(CLIENT_SECRET).federate("system:serviceaccount:agent-reaper:agent-reaper");
            String assertion = ServiceAccountToken.of(
                            "agent-reaper", "agent-reaper", Instant.now().plusSeconds(3600))
                    .signed();
            Path file = Files.writeString(directory.resolve("azure-identity-token"), assertion);
            String shown = bySecret ? CLIENT_SECRET : assertion;
            secrets.add(shown);
            entra.refuseNext(400, 7000215, "Not taken: " + shown + " " + URLEncoder.encode(shown, UTF_8) + ".");
            entra.answerNext(200, Map.of(), "{\"access_token\":\"odd-token\\r\\nX-Odd: 1\",\"expires_in\":3600}");
            Program.Builder configured = at("TRACE")
                    .without("AZP_TOKEN")
                    .env("AZURE_AUTHORITY_HOST", entra.url())
                    .env("AZURE_TENANT_ID", entra.tenant())
                    .env("AZURE_CLIENT_ID", CLIENT)
                    .env("REAPER_SWEEP_EVERY", "1s")
                    .env("REAPER_SWEEP_AGENTS", "*");
            Program program = scene.started(
                    bySecret
                            ? configured.env("AZURE_CLIENT_SECRET", CLIENT_SECRET)
                            : configured.env("AZURE_FEDERATED_TOKEN_FILE", file));
            secrets.addAll(entra.tokens());
            secrets.add("odd-token");

            bringsBack(scene, "Authorization: Bearer " + entra.tokens().getLast(), 500);
            entra.revokeTokens();
            scene.runs("a");
            scene.dies("a");
            scene.awaitRemoved("a");

            secrets.addAll(entra.tokens());
            assertThat(Scene.linesWith(program, "***")).hasSizeGreaterThan(1);
            assertNothingIsShown(program);
        }
    }

    @Test
    void neitherATokenInAFileNorAPluginsNorAProxysPasswordIsShown() throws IOException {
        String login = Base64.getEncoder().encodeToString(("me:" + PROXY_PASSWORD).getBytes(UTF_8));
        String plugged = "plugged-in-token-0123456789";
        secrets.addAll(List.of(scene.azure.token(), PROXY_PASSWORD, login, plugged));
        Path kubeconfig =
                Files.writeString(directory.resolve("kubeconfig"), """
                current-context: here
                contexts: [{name: here, context: {cluster: one, user: me}}]
                clusters: [{name: one, cluster: {server: "%s"}}]
                users:
                - name: me
                  user:
                    exec:
                      apiVersion: client.authentication.k8s.io/v1
                      command: /bin/sh
                      args: [-c, 'echo "$CREDENTIAL"']
                      env: [{name: CREDENTIAL, value: '{"apiVersion": "client.authentication.k8s.io/v1",
                          "kind": "ExecCredential", "status": {"token": "%s"}}'}]
                """.formatted(scene.cluster.url(), plugged));
        scene.cluster.fail(
                KubernetesOperation.LIST, KubernetesFault.status(500, "InternalError", "Bearer " + plugged), 1);
        try (OneShotScene once = new OneShotScene(scene.cluster);
                LoopbackRelay refusing = LoopbackRelay.proxyThatAnswers(
                        "HTTP/1.1 407 Basic %s\r\nContent-Length: 0\r\n\r\n".formatted(login))) {
            secrets.add(once.azure.token());
            once.without("AZP_TOKEN")
                    .env("AZP_TOKEN_FILE", Files.writeString(directory.resolve("token"), once.azure.token()))
                    .env("KUBECONFIG", kubeconfig)
                    .env("QUARKUS_LOG_LEVEL", "TRACE");

            Ended direct = once.run("plan", "--output", "json");
            Ended throughAProxy = once.env("AZP_URL", "https://devops.nowhere.test/fabrikam")
                    .env(
                            "HTTPS_PROXY",
                            "http://me:%s@127.0.0.1:%d"
                                    .formatted(URLEncoder.encode(PROXY_PASSWORD, UTF_8), refusing.port()))
                    .run("plan", "--output", "json");

            assertThat(refusing.asked()).anyMatch(asked -> asked.contains(login));
            assertThat(direct.exitCode()).isEqualTo(1);
            assertThat(throughAProxy.exitCode()).isEqualTo(1);
            assertThat(direct + "" + throughAProxy).doesNotContain(forms());
        }
    }

    static Stream<Arguments> whatIsWrong() {
        String url = "https://me:%s@dev.azure.com".formatted(WRITTEN);
        String encoded = Base64.getEncoder().encodeToString(WRITTEN.getBytes(UTF_8));
        return Stream.of(
                argumentSet("a user in the URL", Map.of("AZP_URL", url + "/fabrikam")),
                argumentSet("no URL", Map.of("AZP_URL", url + " /fabrikam")),
                argumentSet(
                        "no address of a proxy",
                        Map.of(
                                "AZP_URL",
                                "https://dev.azure.com/fabrikam",
                                "HTTPS_PROXY",
                                "http://me:%s@@1".formatted(WRITTEN))),
                argumentSet("a token for a file", Map.of("AZP_TOKEN_FILE", WRITTEN)),
                argumentSet(
                        "no key",
                        Map.of("user", "client-certificate-data: %1$s, client-key-data: %1$s".formatted(encoded))),
                argumentSet("a password that is not taken", Map.of("user", "username: me, password: " + WRITTEN)),
                argumentSet("no kubeconfig", Map.of("user", "token: %s, [".formatted(WRITTEN))));
    }

    @ParameterizedTest
    @MethodSource("whatIsWrong")
    void noSecretIsShownInComplaintsOfTheConfiguration(Map<String, String> wrong) throws IOException {
        secrets.addAll(List.of(WRITTEN, Base64.getEncoder().encodeToString(("me:" + WRITTEN).getBytes(UTF_8))));
        try (OneShotScene once = new OneShotScene(scene.cluster)) {
            wrong.forEach(once::env);
            if (wrong.containsKey("user")) {
                Path kubeconfig = Files.writeString(
                        directory.resolve("kubeconfig"), """
                        current-context: here
                        contexts: [{name: here, context: {cluster: one, user: me}}]
                        clusters: [{name: one, cluster: {server: "%s"}}]
                        users: [{name: me, user: {%s}}]
                        """.formatted(scene.cluster.url(), wrong.get("user")));
                once.env("KUBECONFIG", kubeconfig);
            }
            if (wrong.containsKey("AZP_TOKEN_FILE")) {
                once.without("AZP_TOKEN");
            }

            Ended ended = once.env("QUARKUS_LOG_LEVEL", "TRACE").run("plan");

            assertThat(ended.exitCode()).isNotZero();
            assertThat(ended.toString()).doesNotContain(forms());
        }
    }

    /** The program, with a directory of its own for temporary files, at this level of the log. */
    private Program.Builder at(String level) throws IOException {
        return scene.configured()
                .env("QUARKUS_LOG_LEVEL", level)
                .vmOption("-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")));
    }

    /** Lets Azure DevOps say it, as any server or proxy may, where it lists agents and where it deletes one. */
    private static void bringsBack(Scene<KubernetesSimulator> scene, String echo, int status) {
        AzureDevOpsFault fault = AzureDevOpsFault.answer(
                status,
                Map.of("Content-Type", "application/json", "ActivityId", echo),
                "{\"typeKey\":\"XException\",\"message\":\"You sent %s.\"}".formatted(echo));
        scene.azure.failNext(1, fault, AzureDevOpsOperation.LIST_AGENTS);
        int lists = scene.requests(AzureDevOpsOperation.LIST_AGENTS).size();
        eventually()
                .until(() -> scene.requests(AzureDevOpsOperation.LIST_AGENTS).size() > lists + 1);
    }

    /** In the log, on any page, in the process's arguments and threads, and in any file that it left. */
    private void assertNothingIsShown(Program program) throws IOException {
        List<String> told = new ArrayList<>();
        Stream.of(
                        "/q/metrics",
                        "/q/health",
                        "/q/health/ready",
                        "/q/health/live",
                        "/q/health/started",
                        "/",
                        "/status.json",
                        "/q",
                        "/no/such/page")
                .map(program::get)
                .forEach(told::add);
        Path process = Path.of("/proc", Long.toString(program.pid()));
        told.add(Files.readString(process.resolve("cmdline")));
        try (Stream<Path> threads = Files.list(process.resolve("task"))) {
            for (Path thread : threads.toList()) {
                told.add(Files.readString(thread.resolve("comm")));
            }
        }
        for (Path place : List.of(program.directory(), directory.resolve("tmp"))) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    told.add(new String(Files.readAllBytes(file), ISO_8859_1));
                }
            }
        }
        program.terminate();
        assertThat(program.exitCode(Duration.ofMinutes(1))).isZero();
        told.addAll(program.log());
        told.add(program.output());

        assertThat(String.join("\n", told)).doesNotContain(forms());
    }

    /** As they are, and as they go over the wire. */
    private List<String> forms() {
        return secrets.stream()
                .flatMap(secret -> Stream.of(
                        secret,
                        URLEncoder.encode(secret, UTF_8),
                        Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(UTF_8))))
                .toList();
    }
}
