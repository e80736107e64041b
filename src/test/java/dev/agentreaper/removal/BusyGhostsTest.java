package dev.agentreaper.removal;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.MutableClock;
import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.health.Connection;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import dev.agentreaper.kubernetes.AgentPods;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.kubernetes.access.KubernetesClient;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ghosts cost whose jobs go on, on a simulated Azure DevOps and by a clock that is the test's. */
@QuarkusTest
@Timeout(120)
class BusyGhostsTest {
    private static final Duration STEP = Duration.ofMillis(500);

    @Inject
    MeterRegistry meters;

    private final MutableClock clock = new MutableClock();
    private final ManualTimer timer = new ManualTimer(clock);
    private final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    private final AzureDevOpsPool pool = azure.pool("linux");
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final Set<AgentName> cameBack = ConcurrentHashMap.newKeySet();
    private RemovalQueue queue;

    @BeforeEach
    void start() throws Exception {
        AgentDirectory directory = SimulatedDirectory.of(azure, Set.of(), clock, meters);
        Connection connection = new Connection("pods", clock);
        KubernetesApi api = new KubernetesApi(KubernetesClient.connect(
                cluster.kubeconfig().toString(),
                Map.of(),
                Path.of("none"),
                "agent-reaper/1.2.3",
                clock,
                warning -> {}));
        AgentPods pods = new AgentPods(
                api,
                new PodSource(List.of(""), "app=agent", AgentNameTemplate.parse("{agent}")),
                pod -> true,
                connection,
                connection);
        Policy policy = new Policy(new Globs(List.of()), Map.of(), new Globs(List.of()), Duration.ofMinutes(10), 200);
        queue = new RemovalQueue(
                "default",
                new GhostRemover(
                        directory,
                        pods,
                        (agent, such) -> cameBack.contains(agent),
                        policy,
                        new LastStep(directory, Mode.DELETE, clock),
                        clock),
                new RemovalRecorder("default", meters),
                Duration.ofMinutes(15),
                clock,
                timer,
                Thread.ofPlatform().daemon().factory());
    }

    @AfterEach
    void stop() throws Exception {
        queue.close();
        queue.awaitEnd(Duration.ofSeconds(30));
        azure.close();
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 500})
    void howeverManyAreBusyThePoolIsListedSixTimesAMinuteAndNoneIsDeletedTwiceUntilItsJobHasEnded(int ghosts) {
        busyGhosts(ghosts);
        assertThat(count(DELETE_AGENT)).isEqualTo(ghosts);
        azure.clearRequests();

        pass(Duration.ofMinutes(10));
        assertThat(azure.requests()).hasSizeBetween(50, 61).allMatch(request -> request.operation() == LIST_AGENTS);
        azure.clearRequests();

        IntStream.range(0, ghosts).forEach(i -> pool.busy("agent-" + i, false));
        pass(Duration.ofSeconds(25));
        assertThat(pool.agents()).isEmpty();
        assertThat(queue.size()).isZero();
        assertThat(count(DELETE_AGENT)).isEqualTo(ghosts);
    }

    @Test
    void anAgentThatTheListCallsFreeAndADeleteCallsBusyIsTriedNoMoreOftenThanAnyThatFails() {
        azure.fail(
                AzureDevOpsFault.answer(400, Map.of(), "{\"typeKey\":\"TaskAgentJobStillRunningException\"}"),
                DELETE_AGENT);
        ghosts(200);
        pass(Duration.ofMinutes(1));
        azure.clearRequests();

        pass(Duration.ofMinutes(5));
        assertThat(count(DELETE_AGENT)).isBetween(250L, 601L);
        assertThat(azure.requests()).hasSizeLessThanOrEqualTo(601 + 31);

        azure.heal();
        pass(Duration.ofSeconds(25));
        assertThat(pool.agents()).isEmpty();
    }

    @Test
    void aNewGhostAmongManyThatAreBusyIsRemovedAtOnceThoughTheListOfAllHangs() {
        pool.register("new", Map.of());
        busyGhosts(500);
        pass(Duration.ofMinutes(1));
        azure.clearRequests();
        azure.fail(AzureDevOpsFault.hang(), LIST_AGENTS);
        timer.pass(Duration.ofSeconds(15));
        Awaitility.await().until(() -> count(LIST_AGENTS) == 1);

        queue.offer(ghost("new"));

        Awaitility.await().until(() -> pool.find("new").isEmpty());
        assertThat(count(LIST_AGENTS)).isOne();
        azure.heal();
    }

    @Test
    void anAgentWhosePodCameBackIsKeptThoughItIsBusyStill() {
        busyGhosts(2);
        cameBack.add(new AgentName("agent-0"));

        pass(Duration.ofSeconds(25));

        assertThat(queue.size()).isOne();
        assertThat(pool.agents()).hasSize(2);
        assertThat(count(DELETE_AGENT)).isEqualTo(2);
    }

    private void busyGhosts(int number) {
        IntStream.range(0, number).forEach(i -> {
            pool.register("agent-" + i, Map.of());
            pool.busy("agent-" + i, true);
        });
        offer(number);
    }

    private void ghosts(int number) {
        IntStream.range(0, number).forEach(i -> pool.register("agent-" + i, Map.of()));
        offer(number);
    }

    private void offer(int number) {
        IntStream.range(0, number).forEach(i -> queue.offer(ghost("agent-" + i)));
        settle();
    }

    private void pass(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
            timer.pass(STEP);
            settle();
        }
    }

    /** Until each ghost waits for its next attempt. */
    private void settle() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Duration.ofSeconds(60))
                .until(() -> timer.size() >= queue.size());
    }

    private long count(AzureDevOpsOperation operation) {
        return azure.requests().stream()
                .filter(request -> request.operation() == operation)
                .count();
    }

    private Ghost ghost(String agent) {
        return new Ghost(
                new AgentName(agent), "uid-" + agent, new PodKey("ci", agent), false, Trigger.EVENT, clock.instant());
    }
}
