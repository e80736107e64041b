package dev.agentreaper.removal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GhostTest {
    private static Ghost of(int pod) {
        return new Ghost(
                new AgentName("node-1"),
                "uid-" + pod,
                new PodKey("ci", "pod-" + pod),
                false,
                Trigger.EVENT,
                Instant.ofEpochSecond(pod));
    }

    @Test
    void ofManyPodsThatRanOneAgentItKeepsTheLast() {
        Ghost ghost = of(0);
        for (int pod = 1; pod < 1_000; pod++) {
            ghost = ghost.and(of(pod));
        }

        assertThat(ghost.pods())
                .hasSize(20)
                .contains(new PodKey("ci", "pod-980"), new PodKey("ci", "pod-999"))
                .doesNotContain(new PodKey("ci", "pod-979"));
        assertThat(ghost.since()).isEqualTo(Instant.ofEpochSecond(999));
    }
}
