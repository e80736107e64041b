package dev.agentreaper.program;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sweeps of many pools at once, each in an organization and a situation of its own. */
class SweepOfPoolsIT {
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void aPoolThatCannotBeReadIsLeftAloneAndToldOfOnceWithTheCureWhileOthersAreSwept() {
        Map<String, Bad> bad = Map.ofEntries(
                Map.entry(
                        "unauthorized",
                        new Bad(AzureDevOpsFault.unauthorized(), "HTTP 401", "make a token with the scope")),
                Map.entry(
                        "sign-in-page",
                        new Bad(AzureDevOpsFault.signInPage(), "HTTP 203", "make a token with the scope")),
                Map.entry(
                        "redirect",
                        new Bad(AzureDevOpsFault.redirectToSignIn(), "HTTP 302", "make a token with the scope")),
                Map.entry("forbidden", new Bad(AzureDevOpsFault.forbidden(), "HTTP 403", "Administrator on the pool")),
                Map.entry("no-such-page", new Bad(AzureDevOpsFault.htmlNotFound(), "HTTP 404", "AZP_URL")),
                Map.entry("throttled", new Bad(AzureDevOpsFault.tooManyRequests(), "HTTP 429", "limits this")),
                Map.entry("broken", new Bad(AzureDevOpsFault.serverError(), "HTTP 500", "status page")),
                Map.entry("html", new Bad(AzureDevOpsFault.htmlPage(), "no usable answer", "AZP_URL")),
                Map.entry("reset", new Bad(AzureDevOpsFault.connectionReset(), "no usable answer", "AZP_URL")),
                Map.entry("cut-short", new Bad(AzureDevOpsFault.cutConnection(), "no usable answer", "AZP_URL")),
                Map.entry("cut-json", new Bad(AzureDevOpsFault.cutJson(), "no usable answer", "AZP_URL")),
                Map.entry("empty-body", new Bad(AzureDevOpsFault.emptyBody(), "no usable answer", "AZP_URL")),
                Map.entry("miscounted", new Bad(AzureDevOpsFault.countTooLarge(), "cut short", "AZP_URL")));
        bad.forEach((name, how) -> {
            scene.inFile(name).fail(how.fault(), LIST_AGENTS);
            OneShotScene.straggler(scene.pool(name), "agent-1");
        });
        scene.inFile("unknown-pool", "pool: nowhere");
        scene.inFile("unknown-id", "pool: 4711");
        scene.inFile("hosted", "pool: Azure Pipelines").pool("Azure Pipelines").hosted();
        scene.inFile("elastic").pool("linux").options("elasticPool");
        scene.inFile("deployment", "pool: machines").deploymentPool("machines");
        scene.inFile("refused").refuseConnections();
        scene.inFile("no-token", "token-file: /nowhere/token");
        scene.inFile("sound");
        List.of("unknown-pool", "unknown-id", "hosted", "elastic", "deployment", "refused", "no-token", "sound")
                .forEach(name -> OneShotScene.straggler(scene.pool(name), "agent-1"));

        Ended ended = scene.run("sweep", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        bad.forEach((name, how) -> isLeftAlone(ended, name, how.told(), how.cure()));
        isLeftAlone(ended, "unknown-pool", "no agent pool «nowhere»", "set AZP_POOL");
        isLeftAlone(ended, "unknown-id", "4711", "AZP_POOL");
        isLeftAlone(ended, "hosted", "«Azure Pipelines» is hosted", "set AZP_POOL");
        isLeftAlone(ended, "elastic", "«linux» is a scale set's", "set AZP_POOL");
        isLeftAlone(ended, "deployment", "«machines» is a deployment pool", "set AZP_POOL");
        isLeftAlone(ended, "refused", "no usable answer", "AZP_URL");
        isLeftAlone(ended, "no-token", "/nowhere/token", "AZP_TOKEN_FILE");
        assertThat(ended.verdicts("sound")).containsEntry("agent-1", "REMOVE removed");
        assertThat(scene.pool("sound").agents()).isEmpty();
        assertThat(ended.log()).noneMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void aPlanRefusesThePoolsThatASweepRefuses() {
        scene.inFile("hosted", "pool: Azure Pipelines").pool("Azure Pipelines").hosted();
        scene.inFile("elastic").pool("linux").options("elasticPool");
        scene.inFile("deployment", "pool: machines").deploymentPool("machines");
        List<String> refused = List.of("hosted", "elastic", "deployment");

        Ended ended = scene.run("plan", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        refused.forEach(pool -> {
            assertThat(ended.pool(pool).path("error").asText()).contains("Nothing of it is listed", "set AZP_POOL");
            assertThat(scene.organization(pool).requests())
                    .extracting(ReceivedRequest::operation)
                    .containsExactly(FIND_POOL);
        });
    }

    private record Bad(AzureDevOpsFault fault, String told, String cure) {}

    private void isLeftAlone(Ended ended, String pool, String told, String cure) {
        assertThat(OneShotScene.names(scene.pool(pool))).as(pool).containsExactly("agent-1");
        assertThat(ended.pool(pool).path("error").asText()).contains(told, "What to do: ", cure);
        assertThat(ended.pool(pool).path("agents")).as(pool).isEmpty();
        assertThat(ended.pool(pool).path("counts")).as(pool).isEmpty();
        assertThat(ended.warnings().stream().filter(line -> line.contains("pool " + pool + ": ")))
                .as(pool)
                .singleElement()
                .asString()
                .contains(told, "What to do: ", cure);
    }

    @Test
    void nothingIsRemovedOnTheStrengthOfPodsThatCouldNotBeListed() {
        List<String> bad = List.of("a-forbidden", "b-broken", "c-cut", "d-proxy", "e-throttled", "f-second-page");
        bad.forEach(name -> {
            scene.inFile(name);
            OneShotScene.straggler(scene.pool(name), "agent-1");
        });
        for (int i = 0; i < 501; i++) {
            cluster.create(OneShotScene.podNamed("f-second-page", "other-" + i));
        }
        cluster.fail(KubernetesOperation.LIST, KubernetesFault.forbidden(), 1);
        cluster.fail(KubernetesOperation.LIST, KubernetesFault.internalError(), 1);
        cluster.fail(KubernetesOperation.LIST, new KubernetesFault.HalfBody(), 1);
        cluster.fail(KubernetesOperation.LIST, KubernetesFault.htmlNotFound(), 1);
        cluster.fail(KubernetesOperation.LIST, KubernetesFault.tooManyRequests(), 1);
        cluster.fail(KubernetesOperation.LIST_CONTINUE, KubernetesFault.expired());
        scene.inFile("g-sound");
        OneShotScene.straggler(scene.pool("g-sound"), "agent-1");

        Ended ended = scene.run("sweep", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        for (String pool : bad) {
            assertThat(OneShotScene.names(scene.pool(pool))).as(pool).containsExactly("agent-1");
            assertThat(ended.pool(pool).path("error").asText()).as(pool).contains("What to do: ");
        }
        assertThat(ended.pool("a-forbidden").path("error").asText()).contains("403", "list");
        assertThat(ended.pool("b-broken").path("error").asText()).contains("500");
        assertThat(ended.verdicts("g-sound")).containsEntry("agent-1", "REMOVE removed");
        assertThat(ended.log()).noneMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void poolsInTroubleAreKeptWholeAndPoolsLeftWithNoAgentAreWarnedOf() {
        for (String name : List.of("unmapped", "unbound", "outage", "left-empty")) {
            scene.inFile(name);
            OneShotScene.straggler(scene.pool(name), "agent-1");
        }
        scene.inFile("found-empty");
        scene.inFile("limited", "sweep: {max-removals: 0}");
        OneShotScene.straggler(scene.pool("limited"), "agent-1");
        scene.inFile("vanishing")
                .onDelete(first ->
                        scene.pool("vanishing").remove(first.name().equals("agent-1") ? "agent-2" : "agent-1"));
        OneShotScene.straggler(scene.pool("vanishing"), "agent-1");
        OneShotScene.straggler(scene.pool("vanishing"), "agent-2");
        scene.running(OneShotScene.podNamed("unmapped", "pod-1").envFromSecret("AZP_AGENT_NAME", "names", "name"));
        cluster.create(KubernetesPod.of("unbound", "pod-1")
                .label(OneShotScene.LABEL, "agent")
                .envFromSecret("AZP_AGENT_NAME", "names", "name"));
        for (String pod : List.of("agent-2", "agent-3")) {
            scene.running(OneShotScene.podNamed("outage", pod), Instant.now().minus(Duration.ofMinutes(10)));
            OneShotScene.straggler(scene.pool("outage"), pod);
        }

        Ended ended = scene.run("sweep", "--output", "json");

        assertThat(ended.verdicts("unmapped")).containsEntry("agent-1", "KEEP UNMAPPED");
        assertThat(ended.verdicts("unbound")).containsEntry("agent-1", "REMOVE removed");
        assertThat(ended.verdicts("outage")).containsEntry("agent-1", "KEEP OUTAGE");
        assertThat(ended.verdicts("limited")).containsEntry("agent-1", "KEEP LIMIT");
        assertThat(ended.verdicts("left-empty")).containsEntry("agent-1", "REMOVE removed");
        assertThat(ended.verdicts("vanishing").values())
                .containsExactlyInAnyOrder("REMOVE removed", "REMOVE already_gone");
        assertThat(ended.exitCode()).as("a pool was not swept").isEqualTo(1);
        assertThat(ended.warnings())
                .filteredOn(line -> line.contains("pool unmapped"))
                .singleElement()
                .asString()
                .contains("unmapped/pod-1", "AZP_AGENT_NAME");
        assertThat(ended.warnings())
                .filteredOn(line -> line.contains("has no agent") && line.contains("placeholder"))
                .extracting(line -> line.replaceAll(".*pool (\\S+) has no agent.*", "$1"))
                .containsExactlyInAnyOrder("found-empty", "left-empty", "unbound", "vanishing");
    }

    @Test
    void theEarlierClockCountsWhereTheyAreFarApart() {
        scene.inFile("no-date").fail(AzureDevOpsFault.dateMissing());
        scene.inFile("ahead").fail(AzureDevOpsFault.dateSkewed(Duration.ofHours(1)));
        scene.inFile("behind").fail(AzureDevOpsFault.dateSkewed(Duration.ofHours(-1)));
        scene.inFile("near").fail(AzureDevOpsFault.dateSkewed(Duration.ofMinutes(-2)));
        List<String> pools = List.of("no-date", "ahead", "behind", "near");
        for (String name : pools) {
            AzureDevOpsPool pool = scene.pool(name);
            OneShotScene.offline(pool, "agent-5m", Duration.ofMinutes(5));
            OneShotScene.offline(pool, "agent-30m", Duration.ofMinutes(30));
            OneShotScene.offline(pool, "agent-2h", Duration.ofHours(2));
        }

        Ended ended = scene.run("sweep", "--output", "json");

        assertThat(ended.exitCode()).isZero();
        for (String pool : pools) {
            assertThat(ended.verdicts(pool))
                    .as(pool)
                    .isEqualTo(Map.of(
                            "agent-5m", "KEEP GRACE",
                            "agent-30m", pool.equals("behind") ? "KEEP GRACE" : "REMOVE removed",
                            "agent-2h", "REMOVE removed"));
        }
        assertThat(ended.warnings())
                .filteredOn(line -> line.contains("earlier of the clocks"))
                .extracting(line -> line.replaceAll(".*pool ([^:]+): .*", "$1"))
                .containsExactlyInAnyOrder("no-date", "ahead", "behind");
    }

    @Test
    void anAgentWhoseDeletionFailsIsToldOfAndOneThatTurnsOutBusyIsKept() {
        scene.inFile("refused").fail(AzureDevOpsFault.forbidden(), DELETE_AGENT);
        scene.inFile("broken").fail(AzureDevOpsFault.unavailable(), DELETE_AGENT);
        scene.inFile("page").fail(AzureDevOpsFault.htmlPage(), DELETE_AGENT);
        scene.inFile("busy").fail(AzureDevOpsFault.answer(400, Map.of(), """
                {"typeKey": "TaskAgentJobStillRunningException", "message": "Agent is running a job"}"""), DELETE_AGENT);
        scene.inFile("lost").failNext(1, AzureDevOpsFault.answerLost(), DELETE_AGENT);
        List<String> pools = List.of("refused", "broken", "page", "busy", "lost");
        pools.forEach(name -> {
            OneShotScene.straggler(scene.pool(name), "agent-1");
            scene.pool(name).register("agent-online", Map.of());
        });

        Ended ended = scene.run("sweep", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.verdicts("refused")).containsEntry("agent-1", "REMOVE failed");
        assertThat(ended.verdicts("broken")).containsEntry("agent-1", "REMOVE failed");
        assertThat(ended.verdicts("page")).containsEntry("agent-1", "REMOVE failed");
        assertThat(ended.verdicts("busy")).containsEntry("agent-1", "KEEP BUSY");
        assertThat(ended.verdicts("lost").get("agent-1")).isIn("REMOVE failed", "REMOVE already_gone");
        assertThat(ended.log())
                .filteredOn(line -> line.contains(" not removed pool=refused agent=agent-1 "))
                .singleElement()
                .asString()
                .contains("HTTP 403", "What to do: ", "Administrator on the pool");
        assertThat(ended.log()).anyMatch(line -> line.contains(" kept pool=busy agent=agent-1 "));
    }
}
