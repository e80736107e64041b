package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.complaints;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static dev.agentreaper.program.Scene.metric;
import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_AGENT;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsPool.Removal;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesCluster;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.NeedsApiServer;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Programs that overlap while one takes over from another: an upgrade, a rollback, a change of the configuration. */
class RolloutIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration OFFLINE_FOR = Duration.ofSeconds(2);
    private static final Duration AN_HOUR = Duration.ofHours(1);
    private static final Pattern REMOVED = Pattern.compile(" removed pool=.* id=(\\d+)$");
    /** An attempt «fails», and is made anew, also where the agent has another id by now. */
    private static final Pattern LEFT_ALONE =
            Pattern.compile(" (?:already gone|kept|attempt failed:) pool=\\S+ agent=([\\w-]+)");

    @Test
    void anUpgradeAndItsRollbackRemoveEachGhostOnceAndNothingElse() {
        try (var scene = Scene.simulated()) {
            new Rollout(scene).upgradeAndRollBack();
        }
    }

    @Test
    @NeedsApiServer
    void anUpgradeAndItsRollbackOnARealApiServer(KubernetesApiServer cluster) {
        try (var scene = new Scene<KubernetesCluster>(cluster)) {
            new Rollout(scene).upgradeAndRollBack();
        }
    }

    @Test
    void aDryRunBesideOneThatDeletesNeverDeletes() {
        try (var scene = Scene.simulated()) {
            Rollout rollout = new Rollout(scene);
            rollout.setTheScene();
            Program dryRun = rollout.started("7.1", Map.of("REAPER_MODE", "dry-run"));
            List<String> first = rollout.comeUp(6, "agent-first");
            first.forEach(rollout::goes);
            first.forEach(agent -> eventually()
                    .until(() -> !linesWith(dryRun, " would remove (dry-run) pool=default agent=" + agent + " ")
                            .isEmpty()));
            eventually()
                    .until(() -> !linesWith(dryRun, "agent=agent-straggler-0 ").isEmpty());
            assertThat(scene.requests(DELETE_AGENT)).isEmpty();

            Program delete = rollout.started("7.0", Map.of());
            List<String> second = rollout.comeUp(6, "agent-second");
            second.forEach(rollout::goes);
            first.forEach(scene.pool::goOffline);
            rollout.awaitOnlyTheRightOnesLeft();
            rollout.comeUp(6, "agent-third").forEach(rollout::goes);
            dryRun.terminate();
            assertThat(dryRun.exitCode(PATIENCE)).isZero();

            rollout.check(delete, dryRun);
            assertThat(linesWith(dryRun, " removed ")).isEmpty();
            assertThat(scene.requests(DELETE_AGENT))
                    .extracting(ReceivedRequest::query)
                    .allMatch("api-version=7.0"::equals);
        }
    }

    @Test
    void programsThatSelectDifferentPodsRemoveTheirOwnGhostsAndLeaveTheOthersAgents() {
        try (var scene = Scene.simulated()) {
            Rollout rollout = new Rollout(scene);
            rollout.setTheScene();
            // Each takes a pod that it does not select for none.
            rollout.offlineThoughAlive().forEach(scene.pool::goOnline);
            // There from the first sweep on: a program that selects no pod would say so.
            rollout.comesUp(scene.pod("agent-lasting").label("next", "1"));
            Program old = rollout.started("7.1", Map.of("REAPER_POD_SELECTOR", "app=" + scene.namespace + ",!next"));
            Program next = rollout.started("7.0", Map.of("REAPER_POD_SELECTOR", "app=" + scene.namespace + ",next"));
            List<String> before = rollout.comeUp(6, "agent-before");
            List<String> after = IntStream.range(0, 6)
                    .mapToObj(i -> "agent-after-" + i)
                    .peek(name -> rollout.comesUp(scene.pod(name).label("next", "1")))
                    .toList();

            before.subList(0, 4).forEach(rollout::goes);
            after.subList(0, 4).forEach(rollout::goes);
            rollout.awaitOnlyTheRightOnesLeft();
            double sweeps = sweeps(next) + 2;
            eventually().until(() -> sweeps(next) > sweeps);
            rollout.check(old, next);
        }
    }

    private static double sweeps(Program program) {
        return metric(program, "agent_reaper_azure_devops_requests_seconds_count", "operation=\"list_agents\"");
    }

    /** Pods and agents that come and go, and what may not be removed of them at this moment. */
    private static final class Rollout {
        private final Scene<? extends KubernetesCluster> scene;
        private final Set<String> untouchable = ConcurrentHashMap.newKeySet();
        private final List<Removal> removals = new CopyOnWriteArrayList<>();
        private final List<Removal> wrong = new CopyOnWriteArrayList<>();
        private final List<String> logOfSweeps = new ArrayList<>();
        private int waves;

        Rollout(Scene<? extends KubernetesCluster> scene) {
            this.scene = scene;
            scene.azure.onRemoval(removal -> {
                removals.add(removal);
                if (untouchable.contains(removal.agent().name())) {
                    wrong.add(removal);
                }
            });
            // Long enough for the others to try, too.
            scene.azure.answerAfter(Duration.ofMillis(50), DELETE_AGENT, GET_AGENT);
        }

        /** The version of the API that it asks for tells its calls from the others'. */
        Program started(String apiVersion, Map<String, String> changed) {
            Program.Builder builder = configured().env("AZP_API_VERSION", apiVersion);
            changed.forEach(builder::env);
            return scene.started(builder);
        }

        private Program.Builder configured() {
            return scene.configured()
                    .env("REAPER_SWEEP_EVERY", "1s")
                    .env("REAPER_SWEEP_OFFLINE_FOR", OFFLINE_FOR.toSeconds() + "s")
                    .env("REAPER_SWEEP_AGENTS", "agent-*")
                    .env("QUARKUS_LOG_CATEGORY__DEV_AGENTREAPER__LEVEL", "DEBUG");
        }

        void upgradeAndRollBack() {
            setTheScene();
            Program old = started("7.1", Map.of());
            List<String> knownToTheOldAlone = comeUp(4, "agent-busy-early");
            knownToTheOldAlone.forEach(this::goesBusy);
            wave(old);

            Program next = started("7.0", Map.of());
            List<String> busy = comeUp(4, "agent-busy");
            busy.forEach(this::goesBusy);
            besideASweep(() -> wave(old, next));
            stopsInTheMiddle(old, next);
            // Which Azure DevOps notices at last: a stopped program leaves those that it would try again to the sweep.
            Stream.concat(knownToTheOldAlone.stream(), busy.stream()).forEach(agent -> {
                scene.pool.goOffline(agent);
                scene.pool.busy(agent, false);
            });

            Program third = started("5.0", Map.of());
            besideASweep(() -> wave(next, third));
            stopsInTheMiddle(next, third);

            check(old, next, third);
            assertThat(deletes(204))
                    .hasSizeGreaterThan(100)
                    .extracting(ReceivedRequest::query)
                    .contains("api-version=7.1", "api-version=7.0", "api-version=5.0");
            losersTakeItAsDone(old, next, third);
        }

        /** The CronJob's run, at the same time. */
        private void besideASweep(Runnable wave) {
            try (Program sweep = configured().env("AZP_API_VERSION", "6.0").start("sweep")) {
                wave.run();
                assertThat(sweep.exitCode(PATIENCE)).isZero();
                assertThat(complaints(sweep)).isEmpty();
                logOfSweeps.addAll(sweep.log());
            }
        }

        private void stopsInTheMiddle(Program stopped, Program other) {
            List<String> burst = comeUp(20, "agent-burst-" + waves);
            burst.forEach(this::goes);
            eventually().until(() -> burst.stream().anyMatch(agent -> !scene.hasAgent(agent)));
            stopped.terminate();
            wave(other);
            assertThat(stopped.exitCode(PATIENCE)).isZero();
        }

        void setTheScene() {
            Instant longAgo = Instant.now().minus(AN_HOUR);
            for (String name : List.of("agent-placeholder-1", "agent-never-connected")) {
                stands(name, Map.of());
                scene.pool.neverConnected(name);
            }
            stands("agent-marked", Map.of("AZP_PLACEHOLDER", "1"));
            stands("agent-disabled", Map.of());
            stands("agent-works-elsewhere", Map.of());
            IntStream.range(0, 3).forEach(i -> stands("vm-" + i, Map.of()));
            Stream.of("agent-marked", "agent-disabled", "vm-0", "vm-1", "vm-2")
                    .forEach(name -> scene.pool.offlineSince(name, longAgo));
            scene.pool.disable("agent-disabled");
            comeUp(3, "agent-lives");
            comeUp(1, "agent-works").forEach(name -> scene.pool.busy(name, true));
            comeUp(2, "agent-alive-but-offline");
            offlineThoughAlive().forEach(name -> scene.pool.offlineSince(name, longAgo));
            IntStream.range(0, 4).forEach(i -> straggler("agent-straggler-" + i));
        }

        List<String> offlineThoughAlive() {
            return List.of("agent-alive-but-offline-0", "agent-alive-but-offline-1");
        }

        /** What happens all the time: pods come and go, under new names and under the same, and stragglers turn up. */
        void wave(Program... running) {
            int wave = ++waves;
            List<String> pods = comeUp(6, "agent-wave-" + wave);
            pods.subList(0, 2).forEach(this::goes);
            pods.subList(2, 4).forEach(pod -> {
                untouchable.remove(pod);
                scene.ends(pod, pod.endsWith("2") ? "Failed" : "Succeeded");
            });
            IntStream.range(0, 8).forEach(i -> straggler("agent-missed-" + wave + "-" + i));
            nodeIsLost("agent-lost-" + wave);
            comesBackWithANewId("agent-set-" + wave);
            comesBackWithTheSameId("agent-set-busy-" + wave, running);
        }

        List<String> comeUp(int number, String prefix) {
            return IntStream.range(0, number)
                    .mapToObj(i -> prefix + "-" + i)
                    .peek(name -> comesUp(scene.pod(name)))
                    .toList();
        }

        void comesUp(KubernetesPod pod) {
            untouchable.add(pod.name());
            scene.runs(pod);
            scene.pool.registerReplacing(pod.name(), Map.of());
        }

        void goes(String pod) {
            untouchable.remove(pod);
            scene.dies(pod);
        }

        private void goesBusy(String pod) {
            scene.pool.busy(pod, true);
            goes(pod);
        }

        private void stands(String agent, Map<String, String> capabilities) {
            untouchable.add(agent);
            scene.pool.register(agent, capabilities);
        }

        private void straggler(String agent) {
            scene.pool.register(agent, Map.of());
            scene.pool.offlineSince(agent, Instant.now().minus(AN_HOUR));
        }

        /** Its pod stays, terminating, so that no event tells of it. */
        private void nodeIsLost(String pod) {
            comesUp(scene.pod(pod));
            untouchable.remove(pod);
            scene.cluster.deleteGracefully(scene.namespace, pod, Duration.ofSeconds(1));
            scene.pool.offlineSince(pod, Instant.now().minus(AN_HOUR));
        }

        /** As of a StatefulSet, once somebody has removed its agent: the others still know that by its old id. */
        private void comesBackWithANewId(String pod) {
            comesUp(scene.pod(pod));
            int id = id(pod);
            goes(pod);
            scene.awaitRemoved(pod);
            comesUp(scene.pod(pod));
            assertThat(id(pod)).isNotEqualTo(id);
        }

        /** As of a StatefulSet, before anybody could remove its agent, which {@code --replace} takes over. */
        private void comesBackWithTheSameId(String pod, Program... running) {
            comesUp(scene.pod(pod));
            int id = id(pod);
            goesBusy(pod);
            // Whoever watches has tried by now, and tries again.
            eventually()
                    .until(() -> deletes(400).stream()
                                    .filter(request -> Integer.valueOf(id).equals(request.agentId()))
                                    .map(ReceivedRequest::query)
                                    .distinct()
                                    .count()
                            >= running.length);
            comesUp(scene.pod(pod));
            for (Program program : running) {
                eventually()
                        .until(() -> !linesWith(program, " kept pool=default agent=" + pod + " ")
                                .isEmpty());
            }
            scene.pool.busy(pod, false);
            assertThat(id(pod)).isEqualTo(id);
        }

        private int id(String agent) {
            return scene.pool.find(agent).orElseThrow().id();
        }

        private List<ReceivedRequest> deletes(int status) {
            return scene.requests(DELETE_AGENT).stream()
                    .filter(request -> request.status() == status)
                    .toList();
        }

        void awaitOnlyTheRightOnesLeft() {
            eventually().untilAsserted(() -> assertThat(names()).isEqualTo(untouchable));
            scene.awaitPast();
        }

        private Set<String> names() {
            return scene.pool.agents().stream().map(SimulatedAgent::name).collect(toSet());
        }

        /** What must hold whoever ran: seen by Azure DevOps, and told by the programs. */
        void check(Program... programs) {
            awaitOnlyTheRightOnesLeft();
            assertThat(wrong).as("removed, but was to stay").isEmpty();
            assertThat(scene.azure.requests())
                    .extracting(ReceivedRequest::method)
                    .containsOnly("GET", "DELETE");
            assertThat(scene.requests(DELETE_AGENT))
                    .extracting(ReceivedRequest::status)
                    .isSubsetOf(204, 400, 404);
            assertThat(log(programs)
                            .flatMap(line -> REMOVED.matcher(line).results())
                            .map(found -> Integer.valueOf(found.group(1))))
                    .as("told")
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(
                            deletes(204).stream().map(ReceivedRequest::agentId).toList());
            assertThat(Stream.of(programs).flatMap(program -> complaints(program).stream()))
                    .isEmpty();
        }

        private void losersTakeItAsDone(Program... programs) {
            Set<Integer> lost =
                    deletes(404).stream().map(ReceivedRequest::agentId).collect(toSet());
            assertThat(lost).as("several tried the same").isNotEmpty();
            assertThat(removals.stream()
                            .map(Removal::agent)
                            .filter(agent -> lost.contains(agent.id()))
                            .map(SimulatedAgent::name))
                    .isSubsetOf(log(programs)
                            .flatMap(line -> LEFT_ALONE.matcher(line).results())
                            .map(found -> found.group(1))
                            .toList());
        }

        private Stream<String> log(Program... programs) {
            return Stream.concat(logOfSweeps.stream(), Stream.of(programs).flatMap(program -> program.log().stream()));
        }
    }
}
