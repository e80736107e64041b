package dev.agentreaper.removal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryGateTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final RetryGate gate = new RetryGate(3);

    @Test
    void itClosesWithTheLastOfSoManyFailuresInARow() {
        gate.failed();
        gate.failed();
        gate.worked();
        gate.failed();
        gate.failed();
        assertThat(gate.isClosed()).isFalse();

        gate.failed();
        assertThat(gate.isClosed()).isTrue();
    }

    @Test
    void oneThatWorksOpensItHoweverManyHaveFailed() {
        for (int i = 0; i < 1000; i++) {
            gate.failed();
        }

        gate.worked();

        assertThat(gate.isClosed()).isFalse();
    }

    @Test
    void theFirstPassesAtOnceAndTheNextHalfASecondLater() {
        assertThat(gate.untilNext(NOW)).isZero();

        gate.letPass(NOW);

        assertThat(gate.untilNext(NOW)).isEqualTo(Duration.ofMillis(500));
        assertThat(gate.untilNext(NOW.plusMillis(200))).isEqualTo(Duration.ofMillis(300));
        assertThat(gate.untilNext(NOW.plusMillis(500))).isZero();
        assertThat(gate.untilNext(NOW.plusSeconds(3600))).isZero();
    }

    @Test
    void aClockThatIsSetBackHoldsNobodyBackForLonger() {
        gate.letPass(NOW);

        assertThat(gate.untilNext(NOW.minusSeconds(3600))).isZero();
    }
}
