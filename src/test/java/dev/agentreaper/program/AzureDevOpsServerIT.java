package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Servers of all versions that there are, each with a collection of a name with a blank. */
class AzureDevOpsServerIT {
    /** The latest version of the REST API that each takes. */
    private static final Map<String, String> LATEST =
            new TreeMap<>(Map.of("server-2019", "5.0", "server-2020", "6.0", "server-2022", "7.0"));

    private static final String UPDATED = "server-2022-1";

    private final KubernetesSimulator cluster = KubernetesSimulator.start();

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void aServerThatDoesNotTakeTheVersionIsToldOnceWithTheOneToSet() {
        try (OneShotScene scene = withServers(false);
                Program run = scene.start("run")) {
            until(() -> swept(scene, UPDATED));
            LATEST.forEach((server, _) ->
                    until(() -> scene.organization(server).requests().size() >= 4));

            LATEST.forEach((server, version) -> {
                assertThat(run.log())
                        .filteredOn(line -> line.contains("pool " + server + ": "))
                        .singleElement()
                        .asString()
                        .contains(" WARN ", "What to do: set AZP_API_VERSION=%s ".formatted(version));
                assertThat(scene.pool(server).agents()).hasSize(1);
            });
            assertThat(run.isReady()).isFalse();
        }
    }

    @Test
    void withTheVersionThatWasNamedAllWorks() {
        try (OneShotScene scene = withServers(true)) {
            Ended plan = scene.run("plan", "--output", "json");
            assertThat(plan.exitCode()).isZero();
            LATEST.forEach(
                    (server, _) -> assertThat(plan.verdicts(server)).containsEntry("agent-straggler", "REMOVE null"));

            try (Program run = scene.start("run")) {
                until(run::isReady);
                LATEST.forEach((server, _) -> {
                    until(() -> swept(scene, server));
                    scene.running(OneShotScene.podNamed(server, "agent-1"));
                    scene.pool(server).register("agent-1", Map.of());
                    cluster.delete(server, "agent-1");
                    until(() -> scene.pool(server).agents().isEmpty());
                });

                assertThat(OneShotScene.warnings(run.log()))
                        .filteredOn(line -> !line.contains("has no agent,") && !line.contains("no pod is selected"))
                        .isEmpty();
            }
        }
    }

    @Test
    void aPoolsIdOfAnotherOrganizationIsToldOnceWithTheCure() {
        try (OneShotScene scene = new OneShotScene(cluster).env("AZP_POOL", "12345")) {
            Ended plan = scene.run("plan", "--output", "json");
            assertThat(plan.exitCode()).isEqualTo(1);
            JsonNode told = plan.pool("default").path("error");
            assertThat(told.asText()).contains("12345", "What to do: set AZP_POOL (in the file, pool)", "its id there");

            scene.azure.clearRequests();
            try (Program run = scene.start("run")) {
                until(() -> scene.azure.requests().size() >= 4);

                assertThat(run.log())
                        .filteredOn(line -> line.contains("pool default: "))
                        .singleElement()
                        .asString()
                        .contains(" WARN ", "12345", "What to do: set AZP_POOL (in the file, pool)", "its id there");
            }
        }
    }

    /** All with a straggler; the last takes the version that is the default. */
    private OneShotScene withServers(boolean withVersion) {
        OneShotScene scene = new OneShotScene(cluster);
        LATEST.forEach((server, version) ->
                add(scene, server, version, withVersion ? new String[] {"api-version: " + version} : new String[0]));
        add(scene, UPDATED, "7.1");
        return scene;
    }

    private static void add(OneShotScene scene, String server, String latest, String... settings) {
        AzureDevOpsSimulator collection =
                AzureDevOpsSimulator.start().withBasePath("/tfs/Our Agents").withApiVersions(latest, latest);
        scene.inFile(server, collection, collection.url(), settings);
        OneShotScene.straggler(scene.pool(server), "agent-straggler");
    }

    private static boolean swept(OneShotScene scene, String server) {
        return scene.pool(server).agents().isEmpty();
    }

    private static void until(Callable<Boolean> condition) {
        await().atMost(OneShotScene.WITHIN).until(condition);
    }
}
