package dev.agentreaper.watch;

import static dev.agentreaper.decision.PodBuilder.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodIndexTest {
    private static final Pod LIVE = pod("a").build();
    private static final Pod ENDED = pod("a").ended().build();
    private static final Pod SUCCESSOR = pod("a").uid("uid-2").build();

    private final PodIndex index = new PodIndex();

    @Test
    void aLivePodIsNoNews() {
        assertThat(index.changed(LIVE)).isEmpty();
        assertThat(index.changed(LIVE)).isEmpty();
        assertThat(index.replace(List.of(LIVE), true)).isEmpty();
    }

    @Test
    void aPodThatEndsIsGone() {
        index.changed(LIVE);

        assertThat(index.changed(ENDED)).containsExactly(new GonePod(ENDED, Trigger.EVENT));
        assertThat(index.changed(ENDED)).isEmpty();
    }

    @Test
    void aPodThatIsDeletedIsGone() {
        index.changed(LIVE);

        assertThat(index.left(LIVE)).containsExactly(new GonePod(LIVE, Trigger.EVENT));
    }

    @Test
    void aPodThatEndedAndIsThenDeletedIsToldOfOnce() {
        index.changed(LIVE);
        index.changed(ENDED);

        assertThat(index.left(ENDED)).isEmpty();
        assertThat(index.replace(List.of(), true)).isEmpty();
    }

    @Test
    void aPodThatIsDeletedWithoutEverBeenSeenIsGone() {
        assertThat(index.left(LIVE)).containsExactly(new GonePod(LIVE, Trigger.EVENT));
    }

    @Test
    void aPodThatIsFirstSeenEndedIsFoundGone() {
        assertThat(index.changed(ENDED)).containsExactly(new GonePod(ENDED, Trigger.FOUND_GONE));
        assertThat(index.replace(List.of(ENDED), true)).isEmpty();
    }

    @Test
    void aPodThatIsListedEndedAtFirstIsFoundGone() {
        assertThat(index.replace(List.of(ENDED), true)).containsExactly(new GonePod(ENDED, Trigger.FOUND_GONE));
    }

    @Test
    void aPodWhoseNameAnotherHasNowIsGone() {
        index.changed(LIVE);

        assertThat(index.changed(SUCCESSOR)).containsExactly(new GonePod(LIVE, Trigger.EVENT));
        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isTrue();
    }

    @Test
    void aPodThatEndedBeforeAnotherTookItsNameIsNotToldOfAgain() {
        index.changed(LIVE);
        index.changed(ENDED);

        assertThat(index.changed(SUCCESSOR)).isEmpty();
    }

    @Test
    void aSuccessorThatHasEndedTooIsFoundGone() {
        Pod ended = pod("a").uid("uid-2").ended().build();
        index.changed(LIVE);

        assertThat(index.changed(ended))
                .containsExactly(new GonePod(LIVE, Trigger.EVENT), new GonePod(ended, Trigger.FOUND_GONE));
    }

    @Test
    void aSuccessorThatIsDeletedUnseenTellsOfBoth() {
        index.changed(LIVE);

        assertThat(index.left(SUCCESSOR))
                .containsExactly(new GonePod(LIVE, Trigger.EVENT), new GonePod(SUCCESSOR, Trigger.EVENT));
        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isFalse();
    }

    @Test
    void aPodThatIsMissingInALaterListIsGone() {
        Pod other = pod("b").build();
        index.replace(List.of(LIVE, other), true);

        assertThat(index.replace(List.of(other), true)).containsExactly(new GonePod(LIVE, Trigger.EVENT));
        assertThat(index.replace(List.of(other), true)).isEmpty();
    }

    @Test
    void aPodThatALaterListHasEndedOrReplacedIsGone() {
        Pod other = pod("b").build();
        index.replace(List.of(LIVE, other), true);

        assertThat(index.replace(List.of(ENDED, pod("b").uid("uid-2").build()), true))
                .containsExactlyInAnyOrder(new GonePod(ENDED, Trigger.EVENT), new GonePod(other, Trigger.EVENT));
    }

    @Test
    void nobodyIsCalledGoneForLackingInAListOfAnotherHistory() {
        Pod other = pod("b").build();
        index.replace(List.of(LIVE, other), true);

        assertThat(index.replace(List.of(SUCCESSOR), false)).isEmpty();
        assertThat(index.hasPodOf(new AgentName("b"), Pod::isLive)).isFalse();
        assertThat(index.replace(List.of(), true)).containsExactly(new GonePod(SUCCESSOR, Trigger.EVENT));
    }

    @Test
    void whatAListOfAnotherHistoryShowsAsEndedIsGone() {
        index.replace(List.of(LIVE), true);

        assertThat(index.replace(List.of(ENDED), false)).containsExactly(new GonePod(ENDED, Trigger.EVENT));
    }

    @Test
    void anAgentKeepsTheNameByWhichItRegistered() {
        Pod renamed = pod("a").agent("renamed").build();
        index.changed(LIVE);

        assertThat(index.changed(renamed)).isEmpty();
        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isTrue();
        assertThat(index.hasPodOf(new AgentName("renamed"), Pod::isLive)).isFalse();
        assertThat(index.left(renamed)).containsExactly(new GonePod(LIVE, Trigger.EVENT));
    }

    @Test
    void anAgentGetsItsNameWhenItsPodShowsIt() {
        index.changed(pod("a").agent(new PodAgent.NotYet()).build());
        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isFalse();

        index.changed(LIVE);

        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isTrue();
        assertThat(index.changed(ENDED)).containsExactly(new GonePod(ENDED, Trigger.EVENT));
    }

    @Test
    void aSuccessorHasItsOwnName() {
        Pod renamed = pod("a").uid("uid-2").agent("renamed").build();
        index.changed(LIVE);
        index.changed(renamed);

        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isFalse();
        assertThat(index.hasPodOf(new AgentName("renamed"), Pod::isLive)).isTrue();
    }

    @Test
    void anAgentHasALivePodUntilTheLastOfItsPodsIsGone() {
        Pod second = pod("b").agent("A").build();
        index.changed(LIVE);
        index.changed(second);

        index.left(LIVE);
        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isTrue();

        index.changed(pod("b").agent("A").ended().build());
        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A"})
    void caseDoesNotMatterToWhetherAnAgentHasALivePod(String name) {
        index.changed(LIVE);
        assertThat(index.hasPodOf(new AgentName(name), Pod::isLive)).isTrue();

        index.changed(ENDED);
        assertThat(index.hasPodOf(new AgentName(name), Pod::isLive)).isFalse();
    }

    @Test
    void aSweepMayTakeAPodThatOughtToHaveEndedForGone() {
        Instant now = Instant.parse("2026-01-01T12:00:00Z");
        index.changed(pod("a").endsBy(now.minusSeconds(600)).build());

        assertThat(index.hasPodOf(new AgentName("a"), Pod::isLive)).isTrue();
        assertThat(index.hasPodOf(new AgentName("a"), pod -> pod.isLive(now, Duration.ofSeconds(599))))
                .isFalse();
    }
}
