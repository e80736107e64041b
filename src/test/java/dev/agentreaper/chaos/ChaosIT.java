package dev.agentreaper.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesCluster;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A minute of what {@link Soak} does for an hour. */
class ChaosIT {
    @Test
    void inAMinuteOfChaosNothingIsRemovedThatShouldStayAndNothingStaysThatShouldGo() throws InterruptedException {
        Supplier<KubernetesCluster> real =
                KubernetesApiServer.assets().isPresent() ? KubernetesApiServer::start : KubernetesSimulator::start;
        try (Chaos chaos = new Chaos(
                20261125,
                List.of(real.get(), KubernetesSimulator.start()),
                20,
                () -> Program.with().env("QUARKUS_LOG_LEVEL", "DEBUG").vmOption("-Xmx96m"),
                line -> {})) {

            Summary summary = chaos.run(Duration.ofMinutes(1), Chaos.Calm.SHORT);

            assertThat(summary.violations()).as("%s", summary).isEmpty();
            assertThat(summary.removals()).isGreaterThan(50);
            assertThat(summary.faults().size()).isGreaterThan(5);
        }
    }
}
