package dev.agentreaper.decision;

import static dev.agentreaper.decision.AgentBuilder.NOW;
import static dev.agentreaper.decision.AgentBuilder.agent;
import static dev.agentreaper.decision.PodBuilder.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the rest of the program reads from rulings, and from what they are about. */
class ReadingRulingsTest {
    private static final Agent AGENT = agent(1, "linux-1").build();

    @Test
    void anAgentThatIsKeptForTheLimitAloneIsBeyondIt() {
        assertThat(new Ruling(AGENT, new Verdict.Keep(KeepReason.LIMIT)).isBeyondLimit())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = "LIMIT", mode = EnumSource.Mode.EXCLUDE)
    void anAgentThatIsKeptForAnotherReasonIsNot(KeepReason reason) {
        assertThat(new Ruling(AGENT, new Verdict.Keep(reason)).isBeyondLimit()).isFalse();
    }

    @Test
    void anAgentThatGoesIsNot() {
        assertThat(new Ruling(AGENT, new Verdict.Remove()).isBeyondLimit()).isFalse();
    }

    @Test
    void anAgentIsCalledAsAzureDevOpsCallsIt() {
        assertThat(AGENT.status()).isEqualTo("offline");
        assertThat(agent(1, "linux-1").online().build().status()).isEqualTo("online");
    }

    @ParameterizedTest
    @CsvSource({"DELETE, delete", "DRY_RUN, dry-run"})
    void aModeHasTheNameThatTheConfigurationGivesIt(Mode mode, String label) {
        assertThat(mode.label()).isEqualTo(label);
    }

    @ParameterizedTest
    @CsvSource({"EVENT, event", "FOUND_GONE, event", "SWEEP, sweep"})
    void aTriggerHasAName(Trigger trigger, String name) {
        assertThat(trigger.label()).isEqualTo(name);
    }

    @Test
    void podsAreNamedWithTheirNamespaceInTheirOrder() {
        assertThat(PodKey.names(List.of(new PodKey("ci", "b"), new PodKey("ci", "a"), new PodKey("build", "c"))))
                .containsExactly("build/c", "ci/a", "ci/b");
    }

    @Test
    void aPodThatOughtToHaveEndedLongAgoIsNotLiveInASweep() {
        Policy policy = new PolicyBuilder().offlineFor(Duration.ofMinutes(10)).build();
        Situation sweep = Situation.ofSweep(Set.of(), Set.of(), policy, NOW);

        assertThat(sweep.isLive(pod("a").build())).isTrue();
        assertThat(sweep.isLive(
                        pod("a").endsBy(NOW.minus(Duration.ofMinutes(11))).build()))
                .isFalse();
    }
}
