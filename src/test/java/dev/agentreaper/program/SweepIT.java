package dev.agentreaper.program;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesCluster;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.NeedsApiServer;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SweepIT {
    private static final Map<String, String> KEPT = Map.ofEntries(
            entry("agent-alive", "KEEP POD_ALIVE"),
            entry("Agent-Case", "KEEP POD_ALIVE"),
            entry("agent-named-by-env", "KEEP POD_ALIVE"),
            entry("agent-terminating", "KEEP POD_ALIVE"),
            entry("agent-placeholder-1", "KEEP PROTECTED"),
            entry("agent-precious-1", "KEEP PROTECTED"),
            entry("agent-marked", "KEEP PROTECTED"),
            entry("agent-of-template-pod", "KEEP PROTECTED"),
            entry("vm-1", "KEEP NOT_OURS"),
            entry("agent-of-other-cluster", "KEEP NOT_OURS"),
            entry("agent-online", "KEEP ONLINE"),
            entry("agent-disabled", "KEEP DISABLED"),
            entry("agent-busy", "KEEP BUSY"),
            entry("agent-young", "KEEP GRACE"),
            entry("agent-never-connected", "KEEP GRACE"),
            entry("agent-of-the-future", "KEEP GRACE"),
            entry("agent-without-status", "KEEP ONLINE"),
            entry("agent-without-enabled", "KEEP DISABLED"),
            entry("agent-without-time", "KEEP GRACE"),
            entry("agent-with-odd-time", "KEEP GRACE"),
            entry("agent-of-year-one", "KEEP GRACE"),
            entry("agent-without-capabilities", "KEEP NOT_OURS"),
            entry("agent-beyond-limit", "KEEP LIMIT"));

    private static final Set<String> REMOVED =
            Set.of("agent-straggler", "agent-succeeded", "agent-failed", "AGENT-Upper", "agent-Twin", "agent-twin");

    @Test
    void onlyStragglersAreRemovedAndEveryOtherAgentIsKeptForItsReason() {
        try (var cluster = KubernetesSimulator.start()) {
            onlyStragglersAreRemoved(cluster);
        }
    }

    @Test
    @NeedsApiServer
    void onlyStragglersAreRemovedWithARealApiServer(KubernetesApiServer cluster) {
        onlyStragglersAreRemoved(cluster);
    }

    private static void onlyStragglersAreRemoved(KubernetesCluster cluster) {
        try (var scene = new OneShotScene(cluster)) {
            scene.env("REAPER_PROTECT", "agent-precious-*")
                    .env("REAPER_CAPABILITIES", "CLUSTER=here")
                    .env("REAPER_SWEEP_MAX_REMOVALS", REMOVED.size());
            createPods(scene);
            registerAgents(scene);
            addOddAgents(scene);

            Ended tried = scene.env("REAPER_MODE", "dry-run").run("sweep", "--output", "json");

            assertThat(tried.verdicts()).isEqualTo(verdicts("REMOVE dry_run"));
            assertThat(tried.exitCode()).isZero();
            assertThat(deletions(scene)).isEmpty();

            scene.azure.clearRequests();
            Ended swept = scene.env("REAPER_MODE", "delete").run("sweep", "--output", "json");

            assertThat(swept.verdicts()).isEqualTo(verdicts("REMOVE removed"));
            assertThat(swept.exitCode()).isZero();
            assertThat(OneShotScene.names(scene.pool))
                    .containsAll(KEPT.keySet())
                    .doesNotContainAnyElementsOf(REMOVED);
            assertThat(swept.log().stream().filter(line -> line.contains(" removed pool=default agent=")))
                    .hasSameSizeAs(REMOVED);
            assertThat(swept.warnings()).hasSize(2);
            assertThat(swept.warnings()).anyMatch(line -> line.contains("an agent without an id or a name"));
            assertThat(swept.warnings()).anyMatch(line -> line.contains("differ only by case"));
            eachIsReadWithAllRightBefore(scene);
        }
    }

    private static Map<String, String> verdicts(String onStragglers) {
        Map<String, String> all = new HashMap<>(KEPT);
        REMOVED.forEach(agent -> all.put(agent, onStragglers));
        return all;
    }

    private static void createPods(OneShotScene scene) {
        scene.running("agent-alive");
        scene.running("agent-case");
        scene.running(scene.podNamed("pod-1").env("AZP_AGENT_NAME", "agent-named-by-env"));
        scene.running("agent-terminating");
        scene.cluster.deleteGracefully(scene.namespace, "agent-terminating", Duration.ofHours(1));
        scene.running(scene.podNamed("agent-of-template-pod").env("AZP_TEMPLATE_JOB", "1"));
        scene.cluster.patchStatus(scene.namespace, "agent-of-template-pod", "Succeeded", null);
        scene.running("agent-succeeded");
        scene.cluster.patchStatus(scene.namespace, "agent-succeeded", "Succeeded", null);
        scene.running("agent-failed");
        scene.cluster.patchStatus(scene.namespace, "agent-failed", "Failed", null);
    }

    private static void registerAgents(OneShotScene scene) {
        for (String agent : List.of(
                "agent-alive",
                "Agent-Case",
                "agent-named-by-env",
                "agent-terminating",
                "agent-placeholder-1",
                "agent-precious-1",
                "agent-of-template-pod",
                "vm-1",
                "agent-disabled",
                "agent-busy",
                "agent-straggler",
                "agent-succeeded",
                "agent-failed",
                "AGENT-Upper")) {
            scene.straggler(agent);
        }
        OneShotScene.offline(scene.pool, "agent-beyond-limit", Duration.ofMinutes(11));
        OneShotScene.offline(scene.pool, "agent-young", Duration.ofMinutes(5));
        OneShotScene.offline(scene.pool, "agent-of-the-future", Duration.ofMinutes(-5));
        scene.pool.register("agent-online", OneShotScene.CAPABILITIES);
        scene.pool.register("agent-never-connected", OneShotScene.CAPABILITIES);
        scene.pool.neverConnected("agent-never-connected");
        scene.pool.disable("agent-disabled");
        scene.pool.busy("agent-busy", true);
        Instant longAgo = Instant.now().minus(Duration.ofHours(1));
        scene.pool.register("agent-of-other-cluster", Map.of("CLUSTER", "there"));
        scene.pool.offlineSince("agent-of-other-cluster", longAgo);
        scene.pool.register("agent-marked", Map.of("CLUSTER", "here", "AZP_PLACEHOLDER", "1"));
        scene.pool.offlineSince("agent-marked", longAgo);
    }

    private static void addOddAgents(OneShotScene scene) {
        String capabilities = "\"systemCapabilities\":{\"CLUSTER\":\"here\"}";
        String longAgo = "\"statusChangedOn\":\"2025-01-01T00:00:00Z\"";
        String offline = "\"status\":\"offline\",\"enabled\":true";
        for (String fields : List.of(
                "\"name\":\"agent-without-status\",\"enabled\":true," + longAgo + "," + capabilities,
                "\"name\":\"agent-without-enabled\",\"status\":\"offline\"," + longAgo + "," + capabilities,
                "\"name\":\"agent-without-time\"," + offline + "," + capabilities,
                "\"name\":\"agent-with-odd-time\",\"statusChangedOn\":\"yesterday\"," + offline + "," + capabilities,
                "\"name\":\"agent-of-year-one\",\"statusChangedOn\":\"0001-01-01T00:00:00\"," + offline + ","
                        + capabilities,
                "\"name\":\"agent-without-capabilities\"," + offline + "," + longAgo,
                "\"name\":\"agent-Twin\"," + offline + "," + longAgo + "," + capabilities,
                "\"name\":\"agent-twin\"," + offline + "," + longAgo + "," + capabilities,
                offline + "," + longAgo + "," + capabilities)) {
            int id = scene.pool.agents().getLast().id() + 1;
            scene.pool.addRaw("{\"id\":" + id + "," + fields + "}");
        }
    }

    /** And nothing is asked of Azure DevOps but what the contract names. */
    private static void eachIsReadWithAllRightBefore(OneShotScene scene) {
        List<ReceivedRequest> requests = scene.azure.requests();
        List<ReceivedRequest> deletions = deletions(scene);
        assertThat(deletions).hasSameSizeAs(REMOVED);
        for (ReceivedRequest deletion : deletions) {
            assertThat(requests.subList(0, requests.indexOf(deletion)))
                    .anyMatch(request -> request.operation() == AzureDevOpsOperation.GET_AGENT
                            && deletion.agentId() != null
                            && deletion.agentId().equals(request.agentId())
                            && String.valueOf(request.query()).contains("includeCapabilities=true")
                            && String.valueOf(request.query()).contains("includeAssignedRequest=true"));
        }
        assertThat(requests.stream().map(ReceivedRequest::operation).collect(toSet()))
                .isEqualTo(EnumSet.of(
                        AzureDevOpsOperation.FIND_POOL,
                        AzureDevOpsOperation.LIST_AGENTS,
                        AzureDevOpsOperation.GET_AGENT,
                        AzureDevOpsOperation.DELETE_AGENT));
    }

    private static List<ReceivedRequest> deletions(OneShotScene scene) {
        return scene.azure.requests().stream()
                .filter(request -> request.method().equals("DELETE"))
                .toList();
    }

    @Test
    void aLostNodesTerminatingPodKeepsItsAgentForAsLongAsOfflineForSays() {
        try (var cluster = KubernetesSimulator.start()) {
            aLostNodesTerminatingPod(cluster);
        }
    }

    @Test
    @NeedsApiServer
    void aLostNodesTerminatingPodOfARealApiServer(KubernetesApiServer cluster) {
        aLostNodesTerminatingPod(cluster);
    }

    private static void aLostNodesTerminatingPod(KubernetesCluster cluster) {
        try (var scene = new OneShotScene(cluster)) {
            scene.running("agent-lost");
            scene.running("agent-terminating");
            cluster.deleteGracefully(scene.namespace, "agent-lost", Duration.ofSeconds(1));
            cluster.deleteGracefully(scene.namespace, "agent-terminating", Duration.ofHours(1));
            scene.straggler("agent-lost");
            scene.straggler("agent-terminating");
            OneShotScene.offline(scene.pool, "agent-just-offline", Duration.ofSeconds(5));
            scene.pool.register("agent-online", Map.of());

            Ended patient = scene.run("sweep", "--output", "json");

            assertThat(patient.verdicts())
                    .containsOnly(
                            entry("agent-lost", "KEEP POD_ALIVE"),
                            entry("agent-terminating", "KEEP POD_ALIVE"),
                            entry("agent-just-offline", "KEEP GRACE"),
                            entry("agent-online", "KEEP ONLINE"));

            awaitPast(cluster, scene.namespace, "agent-lost");
            Ended swept = scene.run("sweep", "--offline-for", "0s", "--output", "json");

            assertThat(swept.verdicts())
                    .containsOnly(
                            entry("agent-lost", "REMOVE removed"),
                            entry("agent-terminating", "KEEP POD_ALIVE"),
                            entry("agent-just-offline", "REMOVE removed"),
                            entry("agent-online", "KEEP ONLINE"));
            assertThat(scene.pool.agents())
                    .extracting(SimulatedAgent::name)
                    .containsExactly("agent-terminating", "agent-online");
        }
    }

    /** Well past the moment at which the pod ought to have ended: the clock of answers counts whole seconds. */
    private static void awaitPast(KubernetesCluster cluster, String namespace, String pod) {
        Instant end = Instant.parse(cluster.pod(namespace, pod)
                .orElseThrow()
                .at("/metadata/deletionTimestamp")
                .asText());
        await().atMost(OneShotScene.WITHIN).until(() -> Instant.now().isAfter(end.plusSeconds(2)));
    }
}
