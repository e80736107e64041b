package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are for the Authorization header alone. */
class SecretsIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void end() {
        scene.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INFO", "DEBUG"})
    void noTokenIsInTheLogTheOutputOrAnAddress(String level) {
        scene.azure.failNext(1, AzureDevOpsFault.unauthorized());
        scene.cluster.fail(KubernetesOperation.LIST, KubernetesFault.unauthorized(), 1);
        Program program = scene.started(scene.configured().env("QUARKUS_LOG_LEVEL", level));

        scene.azure.failNext(1, AzureDevOpsFault.forbidden(), AzureDevOpsOperation.DELETE_AGENT);
        scene.azure.failNext(1, AzureDevOpsFault.connectionReset(), AzureDevOpsOperation.DELETE_AGENT);
        scene.cluster.fail(KubernetesOperation.GET, KubernetesFault.forbidden(), 1);
        scene.runs("a");
        scene.dies("a");
        scene.awaitRemoved("a");
        scene.cluster.cutWatches();
        eventually().until(() -> scene.cluster.openWatches() == 1);
        scene.awaitPast();
        String pages = Stream.of("/q/metrics", "/q/health/ready", "/q/health/live")
                .map(program::get)
                .reduce("", String::concat);
        program.terminate();
        assertThat(program.exitCode(Duration.ofMinutes(1))).isZero();

        String told = String.join("\n", program.log()) + program.output() + pages;
        assertThat(told).contains(level.equals("DEBUG") ? " DEBUG " : " INFO ").doesNotContain(secrets());
        assertThat(scene.azure.requests())
                .allSatisfy(request ->
                        assertThat(request.path() + "?" + request.query()).doesNotContain(secrets()));
        assertThat(scene.cluster.requests())
                .allSatisfy(
                        request -> assertThat(request.path() + request.query()).doesNotContain(secrets()));
    }

    /** As they are, and as they go over the wire. */
    private List<String> secrets() {
        String token = scene.azure.token();
        return List.of(
                token,
                URLEncoder.encode(token, UTF_8),
                Base64.getEncoder().encodeToString((":" + token).getBytes(UTF_8)),
                scene.cluster.token());
    }
}
