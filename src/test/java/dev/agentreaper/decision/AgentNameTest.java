package dev.agentreaper.decision;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AgentNameTest {
    private final AgentName name = new AgentName("Linux-I");

    @Test
    void namesThatDifferByCaseAreEqual() {
        assertThat(name).isEqualTo(new AgentName("LINUX-i")).hasSameHashCodeAs(new AgentName("LINUX-i"));
    }

    @Test
    void otherNamesAreNot() {
        assertThat(name).isNotEqualTo(new AgentName("linux-1")).doesNotHaveSameHashCodeAs(new AgentName("linux-1"));
    }

    @Test
    void equalNamesCanBeToldApartByCase() {
        assertThat(name.isExactly(new AgentName("Linux-I"))).isTrue();
        assertThat(name.isExactly(new AgentName("linux-i"))).isFalse();
    }

    @Test
    void aNameIsShownAsItIsSpelt() {
        assertThat(name).hasToString("Linux-I");
    }
}
