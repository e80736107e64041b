package dev.agentreaper.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Heartbeat;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.kubernetes.access.KubernetesClient;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodWatchTest {
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final Logger logger = Logger.getLogger(PodWatch.class.getName());
    private final Kept log = new Kept();
    private final InstantSource clock = InstantSource.system();
    private final Connection connection = new Connection("watch", clock);

    @BeforeEach
    void listen() {
        logger.addHandler(log);
        cluster.createNamespace("agents");
    }

    @AfterEach
    void close() {
        logger.removeHandler(log);
        cluster.close();
    }

    static List<Throwable> faults() {
        return List.of(new IllegalStateException("a fault for this test"), new OutOfMemoryError("for this test"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultOfOursIsToldWithItsStackAndLosesNoPod(Throwable fault) {
        cluster.create(KubernetesPod.of("agents", "pod-1").label("app", "agent"));
        AtomicBoolean raised = new AtomicBoolean();
        Queue<String> told = new ConcurrentLinkedQueue<>();
        PodWatch watch = started(
                gone -> {
                    if (!raised.getAndSet(true)) {
                        raise(fault);
                    }
                    told.add(gone.pod().key().name());
                },
                _ -> {});
        await().until(watch::isInSync);

        cluster.delete("agents", "pod-1");

        await().until(() -> connection.state().failure() != null);
        assertThat(Objects.requireNonNull(connection.state().failure())
                        .problem()
                        .kind())
                .isEqualTo("fault of ours");
        assertThat(log.records).extracting(LogRecord::getThrown).containsExactly(fault);
        await().until(() -> watch.isInSync() && connection.problem() == null);
        assertThat(told).containsExactly("pod-1");
        watch.stop();
    }

    @Test
    void afterAWatchOfWhichNothingWasHeardPodsAreListedAnewAndItIsCounted() {
        // Else it would be an answer that is empty.
        Duration open = Duration.ofMillis(1_100);
        cluster.fail(KubernetesOperation.WATCH, new KubernetesFault.Delay(open), 1);
        Queue<Restart> restarts = new ConcurrentLinkedQueue<>();
        PodWatch watch = started(_ -> {}, restarts::add);
        await().until(() -> cluster.openWatches() == 1);

        cluster.endWatches();

        await().until(() -> cluster.requests(KubernetesOperation.LIST).size() == 2);
        assertThat(restarts).containsExactly(Restart.SILENT);
        assertThat(connection.state().failure()).isNull();
        watch.stop();
    }

    @Test
    void aVersionThatIsTooOldIsNoFailureUnlessThatOfTheNextListIsToo() {
        cluster.fail(KubernetesOperation.WATCH, KubernetesFault.expired(), 1);
        Queue<Restart> restarts = new ConcurrentLinkedQueue<>();
        PodWatch watch = started(_ -> {}, restarts::add);
        await().until(() -> cluster.openWatches() == 1);
        assertThat(restarts).containsExactly(Restart.EXPIRED);
        assertThat(connection.state().failure()).isNull();

        cluster.fail(KubernetesOperation.WATCH, KubernetesFault.expired());
        cluster.cutWatches();

        await().until(() -> restarts.size() >= 4);
        await().until(() ->
                connection.problem() != null && connection.problem().kind().equals("HTTP 410"));
        watch.stop();
    }

    private PodWatch started(Consumer<GonePod> listener, Consumer<Restart> onRestart) {
        PodSource source = new PodSource(List.of("agents"), "app=agent", AgentNameTemplate.parse("{agent}"));
        PodWatch watch = new PodWatch(
                new KubernetesApi(KubernetesClient.connect(
                        cluster.kubeconfig().toString(), Map.of(), Path.of("none"), "test", clock, _ -> {})),
                source.scopes().getFirst(),
                source,
                connection,
                new Heartbeat(),
                listener,
                onRestart);
        watch.start();
        return watch;
    }

    private static void raise(Throwable fault) {
        if (fault instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) fault;
    }

    private static final class Kept extends Handler {
        private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord line) {
            records.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
