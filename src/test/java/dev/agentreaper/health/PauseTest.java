package dev.agentreaper.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PauseTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final Pause pause = new Pause(NOW, Duration.ofMinutes(10));

    @Test
    void itLastsAsLongAsWasMeant() {
        assertThat(pause.left(NOW)).isEqualTo(Duration.ofMinutes(10));
        assertThat(pause.left(NOW.plusSeconds(599))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pause.lasts(NOW.plusSeconds(599))).isTrue();
        assertThat(pause.lasts(NOW.plusSeconds(600))).isFalse();
        assertThat(pause.left(NOW.plusSeconds(3600))).isZero();
    }

    @Test
    void aClockThatIsSetBackByALittleBeginsItAnew() {
        assertThat(pause.left(NOW.minusMillis(1))).isEqualTo(Duration.ofMinutes(10));
        assertThat(pause.left(NOW.minusSeconds(600))).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void aClockThatIsSetBackByMoreThanItIsLongEndsIt() {
        assertThat(pause.lasts(NOW.minusSeconds(601))).isFalse();
    }

    @Test
    void noneIsOver() {
        assertThat(Pause.NONE.lasts(NOW)).isFalse();
    }
}
