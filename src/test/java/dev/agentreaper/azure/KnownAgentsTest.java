package dev.agentreaper.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownAgentsTest {
    private static final Instant NOON = Instant.parse("2026-02-03T12:00:00Z");
    private static final int POOL = 7;
    private static final AgentName NAME = new AgentName("agent-1");

    private final KnownAgents known = new KnownAgents();

    private void listed(Agent... agents) {
        known.take(known.ask(), new Listing(POOL, List.of(agents), NOON, null));
    }

    private static Agent agent(int id, String name) {
        return agent(id, name, false);
    }

    private static Agent agent(int id, String name, boolean busy) {
        return new Agent(id, new AgentName(name), true, true, busy, NOON, Map.of());
    }

    @Test
    void aForgottenAgentIsUnknownAndOthersAreNot() {
        listed(agent(1, "agent-1"), agent(2, "agent-2"));

        known.forget(inPool(agent(1, "agent-1")));

        assertThat(known.get(NAME)).isNull();
        assertThat(known.isAnswered(NAME, NOON)).isFalse();
        assertThat(known.get(new AgentName("agent-2"))).isEqualTo(inPool(agent(2, "agent-2")));
        assertThat(known.isAnswered(new AgentName("agent-2"), NOON)).isTrue();
    }

    @Test
    void whatIsForgottenIsTheIdAndNotTheName() {
        listed(agent(2, "agent-1"));

        known.forget(inPool(agent(1, "agent-1")));

        assertThat(known.get(NAME)).isEqualTo(inPool(agent(2, "agent-1")));
    }

    @Test
    void ofSeveralThatDifferByCaseItIsTheOneThatIsSpeltAsAskedFor() {
        listed(agent(1, "Agent-1"), agent(2, "AGENT-1"));

        assertThat(known.get(new AgentName("AGENT-1"))).isEqualTo(inPool(agent(2, "AGENT-1")));
        assertThat(known.get(NAME)).isNull();
    }

    @Test
    void aListThatIsNoLaterSaysNothingOfWhetherAnAgentIsBusyStill() {
        listed(agent(1, "agent-1", false));

        assertThat(known.mayBeBusy(NAME, NOON)).isTrue();
        assertThat(known.mayBeBusy(NAME, NOON.minusMillis(1))).isFalse();

        listed(agent(1, "agent-1", true));
        assertThat(known.mayBeBusy(NAME, NOON.minusMillis(1))).isTrue();
    }

    @Test
    void aListThatWasAskedForEarlierThanTheLastSaysNothing() {
        int slow = known.ask();
        listed(agent(2, "agent-1"));

        known.take(slow, new Listing(POOL, List.of(agent(1, "agent-1")), NOON.minusSeconds(1), null));

        assertThat(known.get(NAME)).isEqualTo(inPool(agent(2, "agent-1")));
        assertThat(known.listedAt()).isEqualTo(NOON);
    }

    @Test
    void whatIsFoundInAPoolThatIsMadeAnewIsAllThatIsKnownOfIt() {
        listed(agent(1, "agent-1"), agent(2, "agent-2"));

        known.keep(POOL + 1, NAME, List.of(agent(5, "agent-1")));

        assertThat(known.get(NAME)).isEqualTo(new AgentInPool(POOL + 1, agent(5, "agent-1")));
        assertThat(known.get(new AgentName("agent-2"))).isNull();
        assertThat(known.isAnswered(new AgentName("agent-2"), NOON)).isFalse();
    }

    @Test
    void whatIsForgottenOfAnotherPoolLeavesTheSameIdInThis() {
        listed(agent(1, "agent-1"));

        known.forget(new AgentInPool(POOL + 1, agent(1, "agent-1")));

        assertThat(known.get(NAME)).isEqualTo(inPool(agent(1, "agent-1")));
    }

    private static AgentInPool inPool(Agent agent) {
        return new AgentInPool(POOL, agent);
    }
}
