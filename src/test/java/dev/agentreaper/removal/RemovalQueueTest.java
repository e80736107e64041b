package dev.agentreaper.removal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.AgentName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RemovalQueueTest extends RemovalQueueFixture {
    @Test
    void aRemovalThatCanNotBeRecordedIsOverAllTheSame() throws InterruptedException {
        RemovalQueue recordsNothing = new RemovalQueue(
                "default", attempt, new RemovalRecorder("default", meters), RETRY_FOR, clock, timer, THREADS);
        meters.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                throw new IllegalStateException("a fault for this test");
            }
        });
        attempt.go(ghost -> new Outcome.Removed(1));

        recordsNothing.offer(ghost("a"));
        await().until(() -> attempt.begun().size() == 1 && recordsNothing.size() == 0);
        recordsNothing.offer(ghost("a"));

        await().until(() -> attempt.begun().size() == 2 && recordsNothing.size() == 0);
        recordsNothing.close();
        recordsNothing.awaitEnd(PLENTY);
    }

    @Test
    void anAgentIsTriedAtOnceAndItsOutcomeRecordedOnce() {
        queue.offer(ghost("a"));

        await().until(() -> queue.size() == 0);
        assertThat(attempt.agents()).containsExactly("a");
        assertThat(outcomes()).isEqualTo(Map.of("already_gone", 1));
        assertThat(timer.waiting()).isEmpty();
    }

    @Test
    void anAgentThatWaitsForAWorkerHasOneEntryHoweverOftenItIsTold() {
        holdAllWorkers();

        IntStream.range(0, 1000).forEach(i -> queue.offer(ghost(i % 2 == 0 ? "a" : "A", "pod-" + i % 3)));
        assertThat(queue.size()).isEqualTo(AT_ONCE + 1);

        attempt.letAllGo();
        await().until(() -> queue.size() == 0);
        assertThat(attempt.begun()).hasSize(AT_ONCE + 1);
        assertThat(attempt.begun().getLast().pods()).hasSize(3);
    }

    @Test
    void anAgentThatIsToldOfAgainWhileItIsTriedIsTriedOnceMore() {
        attempt.hold();
        queue.offer(ghost("a"));
        await().until(() -> attempt.begun().size() == 1);

        queue.offer(ghost("a", "second"));
        queue.offer(ghost("a", "third"));
        attempt.letAllGo();

        await().until(() -> queue.size() == 0);
        assertThat(attempt.begun()).hasSize(2);
        assertThat(attempt.mostAtOnce()).isOne();
        assertThat(attempt.begun().getLast().pods()).hasSize(3);
    }

    @Test
    void thoseThatWaitForLongestAreKnownWithWhatTheLastAttemptSaid() {
        attempt.fail();
        queue.offer(ghost("first"));
        await().until(() -> timer.waiting().size() == 1);
        Ghost first = attempt.begun().getFirst();
        attempt.hold();
        queue.offer(ghost("second"));
        queue.offer(ghost("third"));

        assertThat(queue.longestWaiting(2))
                .containsExactly(new Waiting(first, "no answer"), new Waiting(ghost("second"), null));
        assertThat(queue.longestWaiting(9)).hasSize(3);
    }

    @Test
    void aFirstAttemptGoesBeforeARepeatedOne() {
        attempt.fail();
        queue.offer(ghost("repeated"));
        await().until(() -> timer.waiting().size() == 1);
        attempt.succeed();
        holdAllWorkers();

        timer.pass(Duration.ofSeconds(1));
        queue.offer(ghost("first"));
        attempt.letGo(1);
        await().until(() -> attempt.begun().size() == AT_ONCE + 2);
        assertThat(attempt.agents().getLast()).isEqualTo("first");

        attempt.letGo(1);
        await().until(() -> attempt.begun().size() == AT_ONCE + 3);
        assertThat(attempt.agents().getLast()).isEqualTo("repeated");
    }

    @Test
    void noMoreThanEightAreTriedAtOnce() {
        holdAllWorkers();
        IntStream.range(0, 100).forEach(i -> queue.offer(ghost("agent-" + i)));

        attempt.letAllGo();

        await().until(() -> queue.size() == 0);
        assertThat(attempt.begun()).hasSize(AT_ONCE + 100);
        assertThat(attempt.mostAtOnce()).isEqualTo(AT_ONCE);
    }

    @Test
    void ofAHundredThousandGhostsNoneIsLost() {
        int ghosts = 100_000;
        Map<AgentName, AtomicInteger> tries = new ConcurrentHashMap<>();
        attempt.go(ghost -> {
            if (tries.computeIfAbsent(ghost.agent(), name -> new AtomicInteger())
                            .incrementAndGet()
                    == 1) {
                throw new IOException("no answer");
            }
            return new Outcome.AlreadyGone();
        });

        IntStream.range(0, ghosts).forEach(i -> queue.offer(ghost("agent-" + i)));
        Awaitility.await().atMost(PLENTY).until(() -> timer.waiting().size() == ghosts);
        assertThat(queue.size()).isEqualTo(ghosts);
        timer.pass(Duration.ofSeconds(1));

        Awaitility.await().atMost(PLENTY).until(() -> queue.size() == 0);
        assertThat(tries).hasSize(ghosts);
        assertThat(tries.values()).allMatch(count -> count.get() == 2);
        assertThat(outcomes()).isEqualTo(Map.of("already_gone", ghosts));
    }

    @Test
    void stoppingFinishesWhatIsDueTakesNoMoreAndLeavesWhatWaits() throws Exception {
        attempt.fail();
        queue.offer(ghost("waits"));
        failedAttempts(1);
        attempt.succeed();
        holdAllWorkers();
        queue.offer(ghost("due"));

        Thread stopping = Thread.ofPlatform().start(() -> stop(PLENTY));
        await().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
        queue.offer(ghost("late"));
        attempt.letAllGo();
        stopping.join();

        assertThat(attempt.agents()).contains("due").doesNotContain("late").containsOnlyOnce("waits");
        timer.pass(LONGEST_PAUSE);
        assertThat(attempt.agents()).containsOnlyOnce("waits");
        assertThat(queue.longestWaiting(3))
                .as("what is left, to be told of")
                .extracting(waiting -> waiting.ghost().agent())
                .containsExactly(new AgentName("waits"), new AgentName("late"));
    }

    @Test
    void stoppingWaitsNoLongerThanItMay() {
        holdAllWorkers();

        stop(Duration.ofMillis(1));

        assertThat(outcomes()).isEmpty();
    }
}
