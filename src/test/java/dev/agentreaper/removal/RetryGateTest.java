package dev.agentreaper.removal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryGateTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final RetryGate<String> gate = new RetryGate<>(3);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            gate.failed();
        }
    }

    @Test
    void itClosesWithTheLastOfSoManyFailuresInARow() {
        fail(2);
        assertThat(gate.worked()).isEmpty();
        fail(2);
        assertThat(gate.passes("a", NOW)).isTrue();
        assertThat(gate.passes("b", NOW)).isTrue();

        fail(1);
        assertThat(gate.passes("c", NOW)).isTrue();
        assertThat(gate.passes("d", NOW)).isFalse();
    }

    @Test
    void oneThatWorksOpensItHoweverManyHaveFailedAndGivesBackWhatItHeldBack() {
        fail(1000);
        gate.passes("first", NOW);
        gate.passes("b", NOW);
        gate.passes("a", NOW);

        assertThat(gate.worked()).containsExactly("b", "a");

        assertThat(gate.passes("b", NOW)).isTrue();
        assertThat(gate.passes("a", NOW)).isTrue();
        assertThat(gate.next(NOW)).isNull();
    }

    @Test
    void whileItIsClosedOnePassesEachHalfSecondInTheirOrder() {
        fail(3);
        assertThat(gate.untilNext(NOW)).isZero();
        assertThat(gate.passes("a", NOW)).isTrue();
        assertThat(gate.untilNext(NOW)).isEqualTo(Duration.ofMillis(500));
        assertThat(gate.untilNext(NOW.plusMillis(200))).isEqualTo(Duration.ofMillis(300));
        assertThat(gate.passes("b", NOW.plusMillis(200))).isFalse();
        assertThat(gate.passes("c", NOW.plusMillis(600)))
                .as("another came before it")
                .isFalse();

        assertThat(gate.next(NOW.plusMillis(600))).isEqualTo("b");
        assertThat(gate.untilNext(NOW.plusMillis(600))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void oneThatLeavesIsNotGivenBack() {
        fail(3);
        gate.passes("a", NOW);
        gate.passes("b", NOW);

        gate.leave("b");

        assertThat(gate.next(NOW.plusSeconds(1))).isNull();
    }

    @Test
    void aClockThatIsSetBackHoldsNobodyBackForLonger() {
        fail(3);
        gate.passes("a", NOW);

        assertThat(gate.untilNext(NOW.minusSeconds(3600))).isZero();
    }
}
