package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesJson;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthIT {
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void itIsReadyOnceEveryPoolCanBeWorkedWithAndSaysOnceWhatIsWrongWithEach() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "expired");
        AzureDevOpsSimulator badToken = scene.inFile("bad-token", "token-file: " + token);
        AzureDevOpsSimulator unreachable = scene.inFile("unreachable");
        AzureDevOpsSimulator unknown = scene.inFile("unknown", "pool: later");
        AzureDevOpsSimulator scaleSet = scene.inFile("scale-set");
        scaleSet.pool("linux").options("elasticPool");
        OneShotScene.straggler(scene.pool("scale-set"), "agent-1");
        scene.inFile("sound");
        OneShotScene.straggler(scene.pool("sound"), "agent-1");
        unreachable.refuseConnections();

        try (Program run = scene.start("run")) {
            until(() -> badToken.requests().size() >= 4);
            until(() -> unknown.requests().size() >= 4);
            until(() -> scaleSet.requests().size() >= 4);
            until(() -> scene.pool("sound").agents().isEmpty());

            isLiveAndNotReady(run);
            toldOnce(run, "bad-token", "HTTP 401", "make a token with the scope");
            toldOnce(run, "unreachable", "no usable answer", "AZP_URL");
            toldOnce(run, "unknown", "no agent pool «later»", "set AZP_POOL");
            toldOnce(run, "scale-set", "is a scale set's", "set AZP_POOL");
            assertThat(scaleSet.requests())
                    .extracting(ReceivedRequest::operation)
                    .containsOnly(AzureDevOpsOperation.FIND_POOL);
            assertThat(run.get("/q/health/ready"))
                    .contains("HTTP 401", "no usable answer", "no agent pool", "is a scale set's");

            Files.writeString(token, badToken.token() + "\n");
            until(() -> worksAgain(run, "bad-token"));
            isLiveAndNotReady(run);
            unreachable.heal();
            until(() -> worksAgain(run, "unreachable"));
            isLiveAndNotReady(run);
            unknown.pool("later");
            until(() -> worksAgain(run, "unknown"));
            isLiveAndNotReady(run);
            scaleSet.pool("linux").options("none");
            until(run::isReady);

            until(() -> worksAgain(run, "scale-set"));
            assertThat(run.get("/q/metrics")).contains("agent_reaper_ready 1.0");
            assertThat(OneShotScene.warnings(run.log()))
                    .as("one for each, and that the pool of the removed agent is empty, and no pod there")
                    .filteredOn(line -> !line.contains("has no agent,") && !line.contains("no pod is selected"))
                    .hasSize(4);
        }
    }

    private static void isLiveAndNotReady(Program run) {
        assertThat(run.status("/q/health/live")).isEqualTo(200);
        assertThat(run.status("/q/health/started")).isEqualTo(200);
        assertThat(run.status("/q/health/ready")).isEqualTo(503);
        assertThat(run.get("/q/metrics")).contains("agent_reaper_ready 0.0");
    }

    private static void toldOnce(Program run, String pool, String what, String cure) {
        assertThat(run.log())
                .filteredOn(line -> line.contains("pool " + pool + ": "))
                .singleElement()
                .asString()
                .contains(" WARN ", what, "What to do: ", cure);
    }

    private static boolean worksAgain(Program run, String pool) {
        return run.log().stream().anyMatch(line -> line.contains("pool " + pool + ": works again after "));
    }

    @Test
    void itIsNotReadyBeforePodsAreListedAndNoSweepRemovesAnythingBefore() {
        scene.straggler("agent-1");
        scene.pool.register("agent-online", Map.of());
        cluster.fail(KubernetesOperation.LIST, KubernetesFault.internalError());

        try (Program run = scene.start()) {
            until(() -> cluster.requests(KubernetesOperation.LIST).size() >= 4);
            until(() -> scene.azure.requests().size() >= 2);
            isLiveAndNotReady(run);
            assertThat(OneShotScene.warnings(run.log()))
                    .singleElement()
                    .asString()
                    .contains("watch of ", "500", "What to do: ");

            Instant healed = Instant.now();
            cluster.heal();

            until(run::isReady);
            until(() -> OneShotScene.names(scene.pool).equals(List.of("agent-online")));
            assertThat(scene.azure.requests())
                    .filteredOn(request -> request.method().equals("DELETE"))
                    .singleElement()
                    .extracting(ReceivedRequest::received)
                    .satisfies(received -> assertThat(received).isAfterOrEqualTo(healed));
            until(() -> run.get("/q/metrics").lines().anyMatch(HealthIT::countsOneSweptAgent));
            assertThat(run.get("/q/metrics")).contains("agent_reaper_ready 1.0");
        }
    }

    @Test
    void theSweepAtStartWaitsForTheWatchEvenWherePodsCouldBeListedForItself() {
        Duration late = Duration.ofSeconds(10);
        scene.straggler("agent-1");
        scene.pool.register("agent-online", Map.of());
        cluster.fail(KubernetesOperation.LIST, new KubernetesFault.Delay(late), 1);
        Instant started = Instant.now();

        try (Program run = scene.start("run")) {
            until(() -> OneShotScene.names(scene.pool).equals(List.of("agent-online")));

            until(run::isReady);
            assertThat(scene.azure.requests())
                    .filteredOn(request -> request.method().equals("DELETE"))
                    .singleElement()
                    .extracting(ReceivedRequest::received)
                    .satisfies(received -> assertThat(received).isAfter(started.plus(late)));
        }
    }

    private static boolean countsOneSweptAgent(String line) {
        return line.startsWith("agent_reaper_removals_total{")
                && line.contains("pool=\"default\"")
                && line.contains("trigger=\"sweep\"")
                && line.contains("outcome=\"removed\"")
                && line.endsWith(" 1.0");
    }

    @Test
    void withSweepsOffItGetsReadyAndRemovesNothingByItself() {
        scene.straggler("agent-1");
        scene.env("REAPER_SWEEP_EVERY", "off").without("REAPER_SWEEP_AGENTS");
        AzureDevOpsFault.Handle down = scene.azure.fail(AzureDevOpsFault.unavailable());

        try (Program run = scene.start()) {
            until(() -> scene.azure.requests().size() >= 2);
            isLiveAndNotReady(run);
            down.clear();

            until(run::isReady);
            assertThat(run.get("/q/metrics")).doesNotContain("agent_reaper_last_sweep_timestamp_seconds{");
            assertThat(scene.pool.agents()).hasSize(1);
            assertThat(scene.azure.requests())
                    .extracting(ReceivedRequest::method)
                    .containsOnly("GET");
        }
    }

    @Test
    @NeedsApiServer
    void missingRightsInTheClusterAreToldOfOnceAndItGetsReadyWhenTheyAreGiven(KubernetesApiServer server) {
        try (var real = new OneShotScene(server)) {
            real.pool.register("agent-online", Map.of());
            real.env("KUBECONFIG", server.kubeconfigFor(real.namespace, "reaper"));
            try (Program run = real.start("run")) {
                until(() -> restartsOfWatches(run) >= 4);
                isLiveAndNotReady(run);
                assertThat(OneShotScene.warnings(run.log()))
                        .singleElement()
                        .asString()
                        .contains("HTTP 403", real.namespace, "What to do: grant get, list and watch on pods");

                server.letReadPods(real.namespace, "reaper", real.namespace);

                until(run::isReady);
                assertThat(run.log()).anyMatch(line -> line.contains("works again"));
            }
        }
    }

    @Test
    void rightsThatAreTakenAwayInTheMiddleOfARunAreToldOfOnceAndItGoesOnWhenTheyAreBack() {
        for (String name : List.of("agent-dies", "agent-lives")) {
            scene.running(name);
            scene.pool.register(name, Map.of());
        }
        try (Program run = scene.start("run")) {
            until(run::isReady);
            // Else the fault could meet the sweep at start too.
            until(() -> run.log().stream().anyMatch(line -> line.contains("swept pool=default ")));

            cluster.fail(KubernetesOperation.LIST, KubernetesFault.forbidden());
            cluster.fail(KubernetesOperation.WATCH, KubernetesFault.forbidden());
            until(() -> cluster.openWatches() == 1);
            cluster.tellWatches(KubernetesJson.bookmark(cluster.resourceVersion()));
            cluster.endWatches();
            until(() -> restartsOfWatches(run) >= 4);
            cluster.delete(scene.namespace, "agent-dies");
            assertThat(OneShotScene.warnings(run.log()))
                    .singleElement()
                    .asString()
                    .contains("HTTP 403", "What to do: grant get, list and watch on pods");

            cluster.heal();

            until(() -> OneShotScene.names(scene.pool).equals(List.of("agent-lives")));
            assertThat(run.log()).anyMatch(line -> line.contains("works again"));
            assertThat(OneShotScene.warnings(run.log())).hasSize(1);
        }
    }

    @Test
    void aMissingRightToGetPodsIsToldOfOnceAndInTheProbeAndItGoesOnWhenItIsThere() {
        for (String name : List.of("agent-dies", "agent-lives")) {
            scene.running(name);
            scene.pool.register(name, Map.of());
        }
        cluster.fail(KubernetesOperation.GET, KubernetesFault.forbidden());
        try (Program run = scene.start("run")) {
            until(run::isReady);
            cluster.delete(scene.namespace, "agent-dies");

            until(() -> cluster.requests(KubernetesOperation.GET).size() >= 2);
            assertThat(OneShotScene.warnings(run.log()))
                    .singleElement()
                    .asString()
                    .contains(
                            "live re-check of pool default: HTTP 403", "What to do: grant get, list and watch on pods");
            assertThat(run.get("/q/health/ready")).contains("\"live re-check of pool default\": \"HTTP 403");

            cluster.heal();

            until(() -> OneShotScene.names(scene.pool).equals(List.of("agent-lives")));
            assertThat(run.get("/q/health/ready")).contains("\"live re-check of pool default\": \"ok\"");
            assertThat(OneShotScene.warnings(run.log())).hasSize(1);
        }
    }

    private static double restartsOfWatches(Program run) {
        return run.status("/q/health/started") == 0
                ? 0
                : run.get("/q/metrics")
                        .lines()
                        .filter(line -> line.startsWith("agent_reaper_watch_restarts_total{reason=\"failed\"}"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .sum();
    }

    @Test
    void aTokenFileThatVanishesForAWhileIsToldOfOnceAndReadAgainWhenItIsBack() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), scene.azure.token());
        scene.env("AZP_TOKEN_FILE", token).env("REAPER_SWEEP_EVERY", "1s").without("AZP_TOKEN");
        scene.running("agent-online");
        scene.pool.register("agent-online", Map.of());

        try (Program run = scene.start("run")) {
            until(run::isReady);

            Files.delete(token);
            until(() -> !OneShotScene.warnings(run.log()).isEmpty());
            assertThat(run.status("/q/health/live")).isEqualTo(200);
            assertThat(run.status("/q/health/ready")).as("an outage of minutes").isEqualTo(200);
            scene.straggler("agent-1");
            Files.writeString(token, scene.azure.token());

            until(() -> worksAgain(run, "default"));
            until(() -> OneShotScene.names(scene.pool).equals(List.of("agent-online")));
            toldOnceOf(run, token);
        }
    }

    private static void toldOnceOf(Program run, Path token) {
        assertThat(OneShotScene.warnings(run.log()))
                .singleElement()
                .asString()
                .contains("pool default: ", token.toString(), "What to do: ", "AZP_TOKEN_FILE");
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(OneShotScene.WITHIN).until(condition);
    }
}
