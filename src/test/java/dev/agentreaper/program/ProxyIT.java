package dev.agentreaper.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.EntraSimulator;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.LoopbackRelay;
import dev.agentreaper.simulator.TestAuthority;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Azure DevOps and Entra, by names that only a proxy knows. */
class ProxyIT {
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";

    @TempDir
    Path directory;

    private final TestAuthority authority = TestAuthority.create();
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);
    private final LoopbackRelay tls = LoopbackRelay.tlsFor(scene.azure.url(), authority.server("devops.nowhere.test"));
    private final LoopbackRelay proxy = LoopbackRelay.proxyTo(address(tls));

    @BeforeEach
    void begin() throws IOException {
        OneShotScene.straggler(scene.pool, "agent-1");
        scene.env("AZP_URL", "https://devops.nowhere.test" + scene.azure.url().getPath())
                .env("REAPER_CA_FILE", Files.writeString(directory.resolve("ca.pem"), authority.certificate()));
    }

    @AfterEach
    void close() {
        proxy.close();
        tls.close();
        scene.close();
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:%d", "http://me:s3%%20cret@127.0.0.1:%d", "socks5://127.0.0.1:%d"})
    void azureDevOpsIsReachedThroughTheProxyAndTheClusterOnThisMachineIsNot(String url) {
        Ended ended = scene.env("HTTPS_PROXY", url.formatted(proxy.port()))
                .env("HTTP_PROXY", "http://127.0.0.1:1")
                .env("QUARKUS_LOG_LEVEL", "DEBUG")
                .run("sweep");

        assertThat(ended.exitCode()).as("%s", ended).isZero();
        assertThat(scene.pool.agents()).isEmpty();
        assertThat(proxy.asked())
                .isNotEmpty()
                .allMatch(asked -> asked.startsWith(
                        url.startsWith("socks5")
                                ? "SOCKS devops.nowhere.test:443"
                                : "CONNECT devops.nowhere.test:443"));
        if (url.contains("@")) {
            String login = Base64.getEncoder().encodeToString("me:s3 cret".getBytes(UTF_8));
            assertThat(proxy.asked())
                    .allSatisfy(asked -> assertThat(asked).containsIgnoringCase("Proxy-Authorization: Basic " + login));
            assertThat(String.join("\n", ended.log())).doesNotContain("s3 cret", "s3%20cret", login);
        }
    }

    @Test
    void whatIsExceptedIsReachedWithoutIt() {
        Ended ended = scene.env("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port())
                .env("NO_PROXY", ".nowhere.test")
                .run("plan", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(error(ended))
                .contains("no usable answer from https://devops.nowhere.test")
                .doesNotContain("HTTPS_PROXY");
        assertThat(proxy.asked()).isEmpty();
    }

    @Test
    void entraIsReachedThroughTheProxyToo() {
        try (EntraSimulator entra = EntraSimulator.start();
                LoopbackRelay login = LoopbackRelay.tlsFor(entra.url(), authority.server("login.nowhere.test"));
                LoopbackRelay proxyToEntra = LoopbackRelay.proxyTo(address(login))) {
            entra.client(CLIENT).secret("s3cret~value");
            scene.azure.connectTo(entra);

            Ended ended = scene.without("AZP_TOKEN")
                    .env("AZP_URL", scene.azure.url())
                    .env("AZURE_AUTHORITY_HOST", "https://login.nowhere.test")
                    .env("AZURE_TENANT_ID", entra.tenant())
                    .env("AZURE_CLIENT_ID", CLIENT)
                    .env("AZURE_CLIENT_SECRET", "s3cret~value")
                    .env("https_proxy", "http://127.0.0.1:" + proxyToEntra.port())
                    .run("sweep");

            assertThat(ended.exitCode()).as("%s", ended).isZero();
            assertThat(scene.pool.agents()).isEmpty();
            assertThat(entra.requests()).hasSize(1);
            assertThat(proxyToEntra.asked()).singleElement().asString().startsWith("CONNECT login.nowhere.test:443");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 403 Forbidden\r\nContent-Length: 15\r\n\r\n<html>No</html>",
                "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>No</html>",
            })
    void aProxyThatLetsNobodyThroughIsToldWithItsVariable(String answer) {
        try (LoopbackRelay refusing = LoopbackRelay.proxyThatAnswers(answer)) {
            String error = errorThrough(refusing.port());

            assertThat(refusing.asked()).isNotEmpty();
            assertThat(error)
                    .contains(
                            answer.startsWith("HTTP/1.1 200")
                                    ? "does not speak TLS"
                                    : "the proxy does not let us through: "
                                            + answer.substring(9)
                                                    .lines()
                                                    .findFirst()
                                                    .orElseThrow())
                    .contains(
                            answer.startsWith("HTTP/1.1 407")
                                    ? "set HTTPS_PROXY to the proxy's address with your user and password"
                                    : "ask whoever runs the proxy");
        }
    }

    @Test
    void aProxyThatIsNotThereIsToldWithItsVariable() {
        assertThat(errorThrough(1))
                .contains("refused", "set HTTPS_PROXY to the address of a proxy that can be reached from here");
    }

    private String errorThrough(int port) {
        Ended ended =
                scene.env("HTTPS_PROXY", "http://me:s3cret@127.0.0.1:" + port).run("plan", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output() + ended.log()).doesNotContain("s3cret");
        assertThat(error(ended))
                .contains(
                        "no usable answer from https://devops.nowhere.test",
                        " through the proxy http://127.0.0.1:" + port + " (");
        return error(ended);
    }

    @Test
    void aValueThatNamesNoProxyIsAFaultOfTheConfiguration() {
        Ended ended = scene.env("HTTPS_PROXY", "https://me:s3cret@proxy.test").run("run");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.log())
                .filteredOn(line -> line.startsWith("  "))
                .singleElement()
                .asString()
                .startsWith("  HTTPS_PROXY: a proxy that speaks https itself is not supported")
                .contains("For example: HTTPS_PROXY=http://")
                .doesNotContain("s3cret");
    }

    private static String error(Ended ended) {
        return ended.pool("default").path("error").asText();
    }

    private static URI address(LoopbackRelay relay) {
        return URI.create("https://127.0.0.1:" + relay.port());
    }
}
