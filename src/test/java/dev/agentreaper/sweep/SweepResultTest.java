package dev.agentreaper.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Ruling;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.removal.Outcome;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SweepResultTest {
    private static final Verdict REMOVE = new Verdict.Remove();
    private static final Verdict KEEP = new Verdict.Keep(KeepReason.ONLINE);

    @Test
    void aSweepIsCompleteWhenAllWasTriedThatWasToGo() {
        assertThat(isComplete(row(KEEP, null), row(REMOVE, new Outcome.Removed(1))))
                .isTrue();
        assertThat(isComplete(row(REMOVE, new Outcome.Kept(KeepReason.POD_ALIVE))))
                .isTrue();
    }

    @Test
    void oneThatWasStoppedBeforeItsLastRemovalIsNot() {
        assertThat(isComplete(row(REMOVE, new Outcome.Removed(1)), row(REMOVE, null)))
                .isFalse();
    }

    @Test
    void norIsOneInWhichAPodCameUpWhoseAgentCanNotBeTold() {
        assertThat(isComplete(row(REMOVE, new Outcome.Kept(KeepReason.UNMAPPED))))
                .isFalse();
    }

    @Test
    void norIsOneThatCouldNotRemoveAll() {
        assertThat(isComplete(row(REMOVE, new Outcome.Failed("HTTP 503", false))))
                .isFalse();
    }

    private static boolean isComplete(SweepRow... rows) {
        return new SweepResult(List.of(rows), 0, List.of()).isComplete();
    }

    private static SweepRow row(Verdict verdict, @Nullable Outcome outcome) {
        Agent agent = new Agent(1, new AgentName("agent-1"), false, true, false, null, Map.of());
        return new SweepRow(new Ruling(agent, verdict), outcome);
    }
}
