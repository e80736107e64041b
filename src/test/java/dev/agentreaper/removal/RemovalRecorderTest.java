package dev.agentreaper.removal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Trigger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RemovalRecorderTest {
    private final RemovalRecorder recorder = new RemovalRecorder("default", new SimpleMeterRegistry());

    private void record(String agent, Outcome outcome) {
        recorder.record(
                new Removal(Instant.EPOCH, new AgentName(agent), Set.of(), Trigger.SWEEP, Duration.ZERO, outcome));
    }

    private List<String> last() {
        return recorder.last().stream().map(removal -> removal.agent().value()).toList();
    }

    @Test
    void theLastFiftyAreRememberedTheLatestFirst() {
        IntStream.range(0, 60).forEach(i -> record("agent-" + i, new Outcome.Removed(i)));

        assertThat(last()).hasSize(50).startsWith("agent-59", "agent-58").endsWith("agent-10");
    }

    @Test
    void thatAllWasAsItShouldBeIsNoNews() {
        record("gone", new Outcome.AlreadyGone());
        record("back", new Outcome.Kept(KeepReason.POD_ALIVE));
        record("busy", new Outcome.Kept(KeepReason.BUSY));
        record("hard", new Outcome.GaveUp("no answer"));

        assertThat(last()).containsExactly("hard", "busy");
    }
}
