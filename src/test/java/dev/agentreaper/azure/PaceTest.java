package dev.agentreaper.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PaceTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final MutableClock clock = new MutableClock();
    private final Pace pace = new Pace(clock);

    @Test
    void noCallIsHeldBackUnlessItIsAskedFor() throws Exception {
        assertThat(pace.await()).isZero();
    }

    @Test
    void allCallsWaitUntilTheTimeIsOver() {
        pace.hold(SHORT);
        List<Caller> callers = Stream.generate(Caller::new).limit(3).toList();
        await().until(() -> callers.stream().allMatch(Caller::waits));

        clock.pass(SHORT);

        assertThat(callers).allSatisfy(caller -> assertThat(caller.waited()).isEqualTo(SHORT));
    }

    @Test
    void theTimeIsThatOfTheClock() {
        pace.hold(SHORT);
        Caller caller = new Caller();
        await().until(caller::waits);

        clock.pass(SHORT.minusNanos(1));
        await().until(caller::waits);
        clock.pass(SHORT);

        assertThat(caller.waited()).isEqualTo(SHORT.multipliedBy(2).minusNanos(1));
    }

    @Test
    void aShorterTimeDoesNotShortenALongerOne() {
        pace.hold(SHORT.multipliedBy(2));
        pace.hold(SHORT);
        clock.pass(SHORT);

        Caller caller = new Caller();
        await().until(caller::waits);
        clock.pass(SHORT);

        assertThat(caller.waited()).isEqualTo(SHORT);
    }

    @Test
    void noCallIsHeldBackForMoreThanTenMinutes() throws Exception {
        pace.hold(Duration.ofDays(365));

        clock.pass(Duration.ofMinutes(10));

        assertThat(pace.await()).isZero();
    }

    @Test
    void aClockThatIsSetBackHoldsNoCallBackForLonger() throws Exception {
        pace.hold(Duration.ofMinutes(10));

        clock.pass(Duration.ofHours(-1));

        assertThat(pace.await()).isZero();
    }

    @Test
    void aClockThatIsSetBackMeanwhileMakesNoTimeNegative() {
        pace.hold(SHORT);
        Caller caller = new Caller();
        await().until(caller::waits);

        clock.pass(Duration.ofHours(-1));

        assertThat(caller.waited()).isZero();
    }

    /** A thread that wants to call. */
    private final class Caller {
        private final CompletableFuture<Duration> waited = new CompletableFuture<>();
        private final Thread thread = Thread.ofPlatform().start(this::call);

        boolean waits() {
            return thread.getState() == Thread.State.TIMED_WAITING;
        }

        Duration waited() {
            return waited.join();
        }

        private void call() {
            try {
                waited.complete(pace.await());
            } catch (InterruptedException e) {
                waited.completeExceptionally(new CompletionException(e));
            }
        }
    }
}
