package dev.agentreaper.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.MutableClock;
import dev.agentreaper.health.Connection.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectionTest {
    private static final Problem NO_ANSWER = new Problem("no answer", "it does not answer.", "look at it.");
    private static final Problem FORBIDDEN = new Problem("HTTP 403", "it refuses us.", "grant it.");
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final Duration JUST_UNDER = FIVE_MINUTES.minusMillis(1);

    private final MutableClock clock = new MutableClock();
    private final Connection connection = new Connection("pool default", clock);
    private final LogLevels log = new LogLevels();

    @BeforeEach
    void listen() {
        Logger.getLogger(Connection.class.getName()).addHandler(log);
    }

    @AfterEach
    void stopListening() {
        Logger.getLogger(Connection.class.getName()).removeHandler(log);
    }

    @Test
    void itIsNotReadyUntilItHasWorkedOnce() {
        assertThat(connection.isReady()).isFalse();

        connection.failed(NO_ANSWER);
        assertThat(connection.isReady()).isFalse();

        connection.worked();
        assertThat(connection.isReady()).isTrue();
    }

    @Test
    void whatWasWrongLastIsStillKnownWhenItIsOverAndWhenThatWas() {
        Instant began = clock.instant();
        connection.failed(NO_ANSWER);
        clock.pass(FIVE_MINUTES);
        connection.failed(FORBIDDEN);
        assertThat(connection.state().isFailing()).isTrue();
        assertThat(connection.state().failure()).isEqualTo(new Failure(FORBIDDEN, began, null));

        Instant over = clock.instant();
        connection.worked();
        clock.pass(FIVE_MINUTES);
        connection.answered();

        assertThat(connection.problem()).isNull();
        assertThat(connection.state().isFailing()).isFalse();
        assertThat(connection.state().failure()).isEqualTo(new Failure(FORBIDDEN, began, over));
    }

    @Test
    void itStaysReadyWhileItFailsForLessThanFiveMinutes() {
        connection.worked();
        clock.pass(Duration.ofDays(1));
        connection.failed(NO_ANSWER);

        clock.pass(JUST_UNDER);
        assertThat(connection.isReady()).isTrue();

        clock.pass(Duration.ofMillis(1));
        assertThat(connection.isReady()).isFalse();
    }

    @Test
    void furtherFailuresOfAnyKindDoNotPutOffItsBeingUnready() {
        connection.worked();
        connection.failed(NO_ANSWER);
        clock.pass(JUST_UNDER);
        connection.failed(FORBIDDEN);

        clock.pass(Duration.ofMillis(1));
        assertThat(connection.isReady()).isFalse();
    }

    @Test
    void itIsReadyAgainAsSoonAsItWorks() {
        connection.worked();
        connection.failed(NO_ANSWER);
        clock.pass(Duration.ofHours(1));

        connection.worked();
        assertThat(connection.isReady()).isTrue();

        connection.failed(NO_ANSWER);
        clock.pass(JUST_UNDER);
        assertThat(connection.isReady()).isTrue();
    }

    @Test
    void oneThatIsSeldomUsedIsUnreadyForAsLongAsItIsSeenToFail() {
        Connection seldom = Connection.assumedToWork("removals", clock);
        assertThat(seldom.isReady()).isTrue();

        seldom.failed(FORBIDDEN);
        clock.pass(JUST_UNDER);
        assertThat(seldom.isReady()).isTrue();
        clock.pass(Duration.ofMillis(1));
        seldom.failed(FORBIDDEN);
        assertThat(seldom.isReady()).isFalse();

        clock.pass(JUST_UNDER);
        assertThat(seldom.isReady()).isFalse();
        clock.pass(Duration.ofMillis(1));
        assertThat(seldom.isReady()).as("nobody tries any more").isTrue();
        assertThat(seldom.problem()).isEqualTo(FORBIDDEN);
    }

    @Test
    void itsProblemIsTheLatestUntilItWorks() {
        assertThat(connection.problem()).isNull();

        connection.failed(NO_ANSWER);
        connection.failed(FORBIDDEN);
        assertThat(connection.problem()).isEqualTo(FORBIDDEN);

        connection.worked();
        assertThat(connection.problem()).isNull();
    }

    @Test
    void aFailureIsLoggedWhenItBeginsAndWhenItIsOver() {
        connection.worked();
        connection.failed(NO_ANSWER);
        for (int i = 0; i < 100; i++) {
            clock.pass(Duration.ofSeconds(10));
            connection.failed(NO_ANSWER);
        }
        connection.worked();
        connection.worked();

        assertThat(log.levels).containsExactly("WARN", "INFO");
        assertThat(log.messages)
                .containsExactly(
                        "pool default: it does not answer. What to do: look at it.",
                        "pool default: works again after 1000 s");
    }

    @Test
    void aFailureOfAnotherKindIsLoggedToo() {
        connection.failed(NO_ANSWER);
        connection.failed(FORBIDDEN);
        connection.failed(NO_ANSWER);
        connection.failed(FORBIDDEN);

        assertThat(log.levels).containsExactly("WARN", "WARN");
    }

    @Test
    void whatFailsNowAndThenIsLoggedOnceAMinute() {
        for (int i = 0; i < 7; i++) {
            connection.failed(NO_ANSWER);
            connection.worked();
            clock.pass(Duration.ofSeconds(20).plusMillis(1));
        }

        assertThat(log.levels).containsExactly("WARN", "INFO", "WARN", "INFO", "WARN", "INFO");
    }

    @Test
    void aFailureThatBeginsWithinAMinuteOfTheLastOneIsLoggedOnceTheMinuteIsOver() {
        connection.failed(NO_ANSWER);
        connection.worked();
        connection.failed(NO_ANSWER);
        assertThat(log.levels).containsExactly("WARN", "INFO");

        clock.pass(Duration.ofMinutes(2));
        connection.failed(NO_ANSWER);
        connection.failed(NO_ANSWER);

        assertThat(log.levels).containsExactly("WARN", "INFO", "WARN");
    }

    @Test
    void aClockThatIsSetBackNeitherKeepsItReadyNorQuiet() {
        connection.worked();
        connection.failed(NO_ANSWER);
        connection.worked();

        clock.pass(Duration.ofHours(-3));
        connection.failed(NO_ANSWER);
        assertThat(log.levels).containsExactly("WARN", "INFO", "WARN");

        clock.pass(Duration.ofHours(-3));
        assertThat(connection.isReady()).isFalse();
    }

    @Test
    void anAnswerEndsAFailureAndDoesNotMakeReadyWhatHasNeverWorked() {
        connection.failed(NO_ANSWER);
        connection.answered();

        assertThat(connection.problem()).isNull();
        assertThat(connection.isReady()).isFalse();
    }

    private static final class LogLevels extends Handler {
        private static final Formatter MESSAGE = new PatternFormatter("%s");

        private final List<String> levels = new ArrayList<>();
        private final List<String> messages = new ArrayList<>();

        @Override
        public void publish(LogRecord line) {
            levels.add(line.getLevel().intValue() < Level.WARNING.intValue() ? "INFO" : "WARN");
            messages.add(MESSAGE.format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
