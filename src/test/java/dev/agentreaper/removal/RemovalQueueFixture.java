package dev.agentreaper.removal;

import dev.agentreaper.MutableClock;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A queue whose attempts, clock and timer are the test's. */
@Timeout(60)
abstract class RemovalQueueFixture {
    static final int AT_ONCE = 8;
    static final Duration RETRY_FOR = Duration.ofMinutes(15);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    static final Duration PLENTY = Duration.ofSeconds(30);

    static final ThreadFactory THREADS = Thread.ofPlatform().daemon().factory();

    final MutableClock clock = new MutableClock();
    final ManualTimer timer = new ManualTimer(clock);
    final ScriptedAttempt attempt = new ScriptedAttempt();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RemovalQueue queue = new RemovalQueue(
            "default", attempt, new RemovalRecorder("default", meters), RETRY_FOR, clock, timer, THREADS);

    @AfterEach
    void stop() throws InterruptedException {
        attempt.letAllGo();
        queue.close();
        queue.awaitEnd(PLENTY);
    }

    static ConditionFactory await() {
        return Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    void stop(Duration within) {
        try {
            queue.close();
            queue.awaitEnd(within);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits until that many attempts have failed, and one more is planned. */
    void failedAttempts(int number) {
        while (attempt.begun().size() < number) {
            await().until(() ->
                    attempt.begun().size() == number || !timer.waiting().isEmpty());
            if (attempt.begun().size() < number) {
                timer.pass(timer.waiting().getFirst());
            }
        }
        await().until(() -> attempt.begun().size() == number && timer.waiting().size() == 1);
    }

    void holdAllWorkers() {
        int before = attempt.begun().size();
        attempt.hold();
        IntStream.range(0, AT_ONCE).forEach(i -> queue.offer(ghost("held-" + i)));
        await().until(() -> attempt.begun().size() == before + AT_ONCE);
    }

    Ghost ghost(String agent) {
        return ghost(agent, agent);
    }

    Ghost ghost(String agent, String pod) {
        return new Ghost(
                new AgentName(agent), "uid-" + pod, new PodKey("ci", pod), false, Trigger.EVENT, clock.instant());
    }

    Map<String, Integer> outcomes() {
        return Stream.ofNullable(meters.find("agent_reaper_removals").counters())
                .flatMap(Collection<Counter>::stream)
                .filter(counter -> counter.count() > 0)
                .collect(Collectors.toMap(
                        counter -> String.valueOf(counter.getId().getTag("outcome")),
                        counter -> (int) counter.count()));
    }
}
