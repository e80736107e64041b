package dev.agentreaper.removal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of ghosts that could not be removed at first. */
class RemovalQueueRetryTest extends RemovalQueueFixture {
    @Test
    void anAgentThatIsToldOfAgainWhileItWaitsForARetryIsTriedAtOnce() {
        attempt.fail();
        queue.offer(ghost("a"));
        await().until(() -> timer.waiting().size() == 1);

        attempt.succeed();
        queue.offer(ghost("a"));

        await().until(() -> queue.size() == 0);
        assertThat(attempt.begun()).hasSize(2);
        assertThat(timer.waiting()).isEmpty();
    }

    @Test
    void aRetryThatComesLateStartsNothingTwice() {
        attempt.fail();
        queue.offer(ghost("a"));
        await().until(() -> timer.waiting().size() == 1);
        Runnable late = timer.begun();
        queue.offer(ghost("a"));
        await().until(() -> attempt.begun().size() == 2 && timer.waiting().size() == 1);
        holdAllWorkers();

        queue.offer(ghost("a"));
        late.run();
        attempt.succeed();
        attempt.letAllGo();

        await().until(() -> queue.size() == 0);
        assertThat(attempt.agents()).filteredOn("a"::equals).hasSize(3);
    }

    @Test
    void whereThereIsNoThreadForAnAttemptItIsMadeLater() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        RemovalQueue starved = new RemovalQueue(
                "default", attempt, new RemovalRecorder("default", meters), RETRY_FOR, clock, timer, work -> {
                    if (made.getAndIncrement() == 0) {
                        throw new OutOfMemoryError("unable to create native thread (for this test)");
                    }
                    return THREADS.newThread(work);
                });

        starved.offer(ghost("a"));
        assertThat(timer.waiting()).hasSize(1);
        timer.pass(Duration.ofSeconds(1));

        await().until(() -> starved.size() == 0);
        assertThat(outcomes()).isEqualTo(Map.of("already_gone", 1));
        starved.close();
        starved.awaitEnd(PLENTY);
    }

    @Test
    void anAgentThatIsToldOfAgainStartsWithTheShortestPause() {
        attempt.fail();
        queue.offer(ghost("a"));
        failedAttempts(4);

        queue.offer(ghost("a"));

        await().until(() -> attempt.begun().size() == 5 && timer.waiting().size() == 1);
        assertThat(timer.waiting().getFirst()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anAgentThatIsToldOfAgainWhileItFailsIsTriedAgainWithoutAPause() {
        attempt.fail();
        attempt.hold();
        queue.offer(ghost("a"));
        await().until(() -> attempt.begun().size() == 1);

        queue.offer(ghost("a"));
        attempt.letGo(1);

        await().until(() -> attempt.begun().size() == 2);
        assertThat(timer.waiting()).isEmpty();
    }

    @Test
    void pausesDoubleFromOneSecondToFifteenAndAreSpread() {
        attempt.fail();
        queue.offer(ghost("a"));

        Duration longest = Duration.ofSeconds(1);
        for (int attempts = 1; attempts <= 8; attempts++) {
            int failed = attempts;
            await().until(() ->
                    attempt.begun().size() == failed && timer.waiting().size() == 1);
            Duration pause = timer.waiting().getFirst();
            assertThat(pause).as("pause %d", attempts).isBetween(longest.dividedBy(2), longest);

            timer.pass(pause.minusMillis(1));
            assertThat(attempt.begun()).hasSize(attempts);
            timer.pass(Duration.ofMillis(1));
            longest = longest.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? longest.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    @Test
    void thoseThatFailTogetherDoNotComeBackTogether() {
        attempt.fail();
        IntStream.range(0, 100).forEach(i -> queue.offer(ghost("agent-" + i)));

        await().until(() -> timer.waiting().size() == 100);
        assertThat(Set.copyOf(timer.waiting())).hasSizeGreaterThan(20);
    }

    @Test
    void anAgentIsGivenUpOnceWhenItsTimeIsOver() {
        attempt.fail();
        queue.offer(ghost("a"));
        int attempts = 0;
        for (Duration passed = Duration.ZERO; passed.compareTo(RETRY_FOR) < 0; ) {
            attempts++;
            failedAttempts(attempts);
            assertThat(outcomes()).isEmpty();
            Duration pause = timer.waiting().getFirst();
            timer.pass(pause);
            passed = passed.plus(pause);
        }

        await().until(() -> queue.size() == 0);
        assertThat(attempt.begun()).hasSize(attempts + 1);
        assertThat(outcomes()).isEqualTo(Map.of("gave_up", 1));
        assertThat(timer.waiting()).isEmpty();
    }

    @Test
    void anAgentThatIsToldOfAgainHasItsWholeTimeAnew() {
        attempt.fail();
        queue.offer(ghost("a"));
        failedAttempts(1);

        clock.pass(RETRY_FOR.minusSeconds(1));
        queue.offer(ghost("a"));
        failedAttempts(2);
        timer.pass(Duration.ofSeconds(1));
        failedAttempts(3);

        assertThat(outcomes()).isEmpty();
    }

    @Test
    void aFaultOfTheProgramItselfLosesNothing() {
        attempt.go(ghost -> {
            throw new IllegalStateException("a fault for this test");
        });
        queue.offer(ghost("a"));
        failedAttempts(1);

        attempt.succeed();
        timer.pass(Duration.ofSeconds(1));

        await().until(() -> queue.size() == 0);
        assertThat(outcomes()).isEqualTo(Map.of("already_gone", 1));
    }
}
