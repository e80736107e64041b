package dev.agentreaper.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private final Heartbeat heartbeat = new Heartbeat(nanoTime::get);

    @Test
    void aThreadThatDoesNotBeatInTimeIsNotAlive() {
        heartbeat.beat(MINUTE);
        nanoTime.addAndGet(MINUTE.toNanos() - 1);
        assertThat(heartbeat.isAlive()).isTrue();

        nanoTime.incrementAndGet();
        assertThat(heartbeat.isAlive()).isFalse();

        heartbeat.beat(MINUTE);
        assertThat(heartbeat.isAlive()).isTrue();
    }

    @Test
    void oneThatHasNotBegunOrHasEndedIsNotMissed() {
        assertThat(heartbeat.isAlive()).isTrue();

        heartbeat.beat(MINUTE);
        heartbeat.end();
        nanoTime.addAndGet(MINUTE.toNanos());

        assertThat(heartbeat.isAlive()).isTrue();
    }

    @Test
    void theProgramIsLiveWhileAllOfThemAre() {
        Vitals vitals = new Vitals();
        LivenessProbe probe = new LivenessProbe(vitals);
        Heartbeat other = vitals.add(new Heartbeat(nanoTime::get));
        vitals.add(heartbeat).beat(MINUTE);
        other.beat(MINUTE.multipliedBy(2));
        assertThat(probe.call().getStatus()).isEqualTo(Status.UP);

        nanoTime.addAndGet(MINUTE.toNanos());

        assertThat(probe.call().getStatus()).isEqualTo(Status.DOWN);
    }
}
