package dev.agentreaper.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000);

    @ParameterizedTest
    @CsvSource({"0, 1790000007", "0.00, 1790000007"})
    void whereNothingRemainsCallsWaitForTheReset(String remaining, String reset) {
        assertThat(pause(remaining, reset)).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void noLongerThanACallCanBeHeldBack() {
        assertThat(pause("0", "1790000300")).isEqualTo(Duration.ofSeconds(30));
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
        assertThat(pause(remaining, reset)).isZero();
    }

    @Test
    void whatIsLeftIsThatUntilTheResetAndTheLimitAfterIt() {
        RateLimit left = Objects.requireNonNull(RateLimit.of("12.5", "200", "1790000007"));

        assertThat(left).isEqualTo(new RateLimit(12.5, 200, NOW.plusSeconds(7)));
        assertThat(left.remainingAt(NOW)).isEqualTo(12.5);
        assertThat(left.remainingAt(NOW.plusSeconds(7))).isEqualTo(12.5);
        assertThat(left.remainingAt(NOW.plusSeconds(8))).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({", soon", "lots, ", ", 999999999999999999999"})
    void whatIsLeftStaysThatWhereTheRestIsNotSaidOrOddly(@Nullable String limit, @Nullable String reset) {
        RateLimit left = Objects.requireNonNull(RateLimit.of("3", limit, reset));

        assertThat(left).isEqualTo(new RateLimit(3, 3, null));
        assertThat(left.remainingAt(Instant.MAX)).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "all", "1e9", "NaN", "99999999999"})
    @NullSource
    void whatIsLeftIsUnknownWhereItIsNotSaidOrOddly(@Nullable String remaining) {
        assertThat(RateLimit.of(remaining, "200", "1790000007")).isNull();
    }

    private static Duration pause(@Nullable String remaining, @Nullable String reset) {
        RateLimit limit = RateLimit.of(remaining, "200", reset);
        return limit == null ? Duration.ZERO : limit.pause(NOW);
    }
}
