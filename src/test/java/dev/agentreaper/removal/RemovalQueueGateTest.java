package dev.agentreaper.removal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.KeepReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What trying again costs while nothing works, and how soon all is done when it does. */
class RemovalQueueGateTest extends RemovalQueueFixture {
    private static final Duration STEP = Duration.ofMillis(500);
    private static final int STEPS_A_MINUTE = 120;

    @ParameterizedTest
    @ValueSource(ints = {500, 5_000})
    void howeverManyFailAHundredAndTwentyAMinuteAreTriedAgain(int ghosts) {
        attempt.fail();
        offer(ghosts);
        assertThat(attempt.begun()).hasSize(ghosts);

        pass(10 * STEPS_A_MINUTE);

        assertThat(attempt.begun()).hasSizeBetween(ghosts + 1150, ghosts + 1201);
        assertThat(queue.size()).isEqualTo(ghosts);
        assertThat(outcomes()).isEmpty();
    }

    @Test
    void eachHasItsTurn() {
        attempt.fail();
        offer(100);

        pass(2 * STEPS_A_MINUTE);

        assertThat(attempt.agents().stream().distinct()).hasSize(100);
        IntStream.range(0, 100)
                .forEach(i -> assertThat(attempt.agents())
                        .filteredOn(("agent-" + i)::equals)
                        .hasSizeBetween(3, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 5_000})
    void allAreDoneWithinSixteenSecondsAfterTheFault(int ghosts) {
        attempt.fail();
        offer(ghosts);
        pass(STEPS_A_MINUTE);

        attempt.succeed();
        pass(32);

        assertThat(queue.size()).isZero();
        assertThat(outcomes()).isEqualTo(Map.of("already_gone", ghosts));
    }

    @Test
    void aNewGhostAmongManyThatFailIsTriedAtOnceAndSoIsOneThatIsToldOfAgain() {
        attempt.fail();
        offer(500);
        pass(STEPS_A_MINUTE);
        int before = attempt.begun().size();

        queue.offer(ghost("new"));
        queue.offer(ghost("agent-7"));

        await().until(() -> attempt.begun().size() == before + 2);
        assertThat(attempt.agents().subList(before, before + 2)).containsExactlyInAnyOrder("new", "agent-7");
    }

    @Test
    void whereOneFailsAndOthersWorkNobodyIsHeldBack() {
        attempt.go(ghost -> {
            if (ghost.agent().equals(new AgentName("agent-0"))) {
                throw new IOException("refused");
            }
            return new Outcome.AlreadyGone();
        });
        offer(1);

        pass(STEPS_A_MINUTE);

        // Four at first, and then one each 15 seconds or sooner.
        assertThat(attempt.begun()).hasSizeBetween(7, 12);
    }

    @Test
    void agentsThatAreKeptDoNotSayThatOthersCanBeTriedAgain() {
        attempt.go(ghost -> isBack(ghost) ? new Outcome.Kept(KeepReason.POD_ALIVE) : failing());
        offer(250);
        pass(STEPS_A_MINUTE);
        int before = attempt.begun().size();

        for (int i = 0; i < 60; i++) {
            queue.offer(ghost("back-" + i));
            pass(2);
        }

        assertThat(attempt.begun().subList(before, attempt.begun().size()))
                .filteredOn(ghost -> !isBack(ghost))
                .hasSizeLessThanOrEqualTo(STEPS_A_MINUTE + 1);
    }

    private static boolean isBack(Ghost ghost) {
        return ghost.agent().value().startsWith("back-");
    }

    @Test
    void thoseThatAreHeldBackAreGivenUpInTime() {
        attempt.fail();
        offer(200);

        pass((int) RETRY_FOR.toMinutes() * STEPS_A_MINUTE + 30);

        assertThat(queue.size()).isZero();
        assertThat(outcomes()).isEqualTo(Map.of("gave_up", 200));
    }

    @Test
    void ghostsThatWaitForAJobAreNotHeldBackByOthersThatFail() {
        attempt.go(RemovalQueueGateTest::busy);
        IntStream.range(0, 10).forEach(i -> queue.offer(ghost("busy-" + i)));
        settle();
        attempt.go(ghost -> ghost.busyAt() == null ? failing() : busy(ghost));
        offer(500);
        pass(STEPS_A_MINUTE);

        attempt.go(ghost -> ghost.busyAt() == null ? failing() : new Outcome.AlreadyGone());
        pass(31);

        assertThat(outcomes()).isEqualTo(Map.of("already_gone", 10));
    }

    @Test
    void thatAgentsStillWaitForAJobDoesNotSayThatOthersCanBeTriedAgain() {
        attempt.go(RemovalQueueGateTest::busy);
        IntStream.range(0, 250).forEach(i -> queue.offer(ghost("busy-" + i)));
        settle();
        attempt.go(ghost -> ghost.busyAt() == null ? failing() : busy(ghost));
        offer(250);

        pass(STEPS_A_MINUTE);

        assertThat(attempt.begun())
                .filteredOn(ghost -> ghost.busyAt() == null)
                .hasSizeLessThanOrEqualTo(500 + STEPS_A_MINUTE + 1);
    }

    @Test
    void ghostsThatWaitForAJobAreAllLookedAtSoonAfterAFault() {
        attempt.go(RemovalQueueGateTest::busy);
        offer(500);
        attempt.fail();
        pass(STEPS_A_MINUTE);
        attempt.go(ghost -> ghost.agent().equals(new AgentName("agent-499")) ? new Outcome.AlreadyGone() : busy(ghost));

        pass(32);

        assertThat(outcomes()).isEqualTo(Map.of("already_gone", 1));
    }

    @Test
    void anAgentThatIsToldOfAgainIsNotTakenToBeBusyStill() {
        attempt.go(RemovalQueueGateTest::busy);
        queue.offer(ghost("a"));
        settle();
        pass(20);
        assertThat(attempt.begun().getLast().busyAt()).isNotNull();

        queue.offer(ghost("a"));
        settle();

        assertThat(attempt.begun().getLast().busyAt()).isNull();
    }

    private void offer(int ghosts) {
        IntStream.range(0, ghosts).forEach(i -> queue.offer(ghost("agent-" + i)));
        settle();
    }

    private void pass(int steps) {
        for (int i = 0; i < steps; i++) {
            timer.pass(STEP);
            settle();
        }
    }

    /** Until each ghost waits for its next attempt. */
    private void settle() {
        await().until(() -> timer.size() >= queue.size());
    }

    private static AttemptResult failing() throws IOException {
        throw new IOException("no answer");
    }

    private static AttemptResult busy(Ghost ghost) {
        return new AttemptResult.Busy(ghost.agent() + " runs a job.");
    }
}
