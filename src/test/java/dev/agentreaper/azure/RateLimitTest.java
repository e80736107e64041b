package dev.agentreaper.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000);

    @ParameterizedTest
    @CsvSource({"0, 1790000007", "0.00, 1790000007"})
    void whereNothingRemainsCallsWaitForTheReset(String remaining, String reset) {
        assertThat(RateLimit.untilReset(remaining, reset, NOW)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void noLongerThanACallCanBeHeldBack() {
        assertThat(RateLimit.untilReset("0", "1790000300", NOW)).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1790000007",
        "0.5, 1790000007",
        ", 1790000007",
        "0,",
        "0, 1789999999",
        "0, soon",
        "-1, 1790000007",
        "0, 999999999999999999999"
    })
    void otherwiseTheyDoNotWait(@Nullable String remaining, @Nullable String reset) {
        assertThat(RateLimit.untilReset(remaining, reset, NOW)).isZero();
    }
}
