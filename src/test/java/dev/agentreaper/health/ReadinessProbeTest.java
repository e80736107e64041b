package dev.agentreaper.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.agentreaper.MutableClock;
import org.junit.jupiter.api.Test;

class ReadinessProbeTest {
    private final MutableClock clock = new MutableClock();
    private final Vitals vitals = new Vitals();

    @Test
    void ofTwoConnectionsOfOneNameTheOneThatFailsIsTold() {
        Connection failing = vitals.add(new Connection("watch of pods app=agent", clock));
        vitals.add(new Connection("watch of pods app=agent", clock)).worked();
        failing.failed(new Problem("HTTP 403", "HTTP 403.", "grant it."));

        assertThat(new ReadinessProbe(vitals).call().getData())
                .get()
                .asInstanceOf(MAP)
                .containsExactly(entry("watch of pods app=agent", String.valueOf(failing.problem())));
    }
}
