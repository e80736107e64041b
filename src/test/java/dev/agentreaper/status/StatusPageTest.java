package dev.agentreaper.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPageTest {
    private static final Instant NOW = Instant.parse("2026-03-03T09:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s ago",
        "PT59.9S, 59 s ago",
        "PT60S, 1 min ago",
        "PT59M59S, 59 min ago",
        "PT1H, 1 h ago",
        "PT47H59M, 47 h ago",
        "PT48H, 2 days ago",
        "PT-90S, in 1 min",
    })
    void howLongAgoIsSaidInOneUnit(Duration ago, String said) {
        assertThat(StatusPage.from(NOW.minus(ago), NOW)).isEqualTo(said);
    }

    @ParameterizedTest
    @CsvSource({"PT0.0009S, 0 ms", "PT0.999S, 999 ms", "PT1S, 1.0 s", "PT59.94S, 59.9 s", "PT60S, 1 min"})
    void whatItTookIsSaidToTwoOrThreeDigits(Duration took, String said) {
        assertThat(StatusPage.exact(took)).isEqualTo(said);
    }
}
