package dev.agentreaper.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobsTest {

    @ParameterizedTest
    @CsvSource({
        "linux, linux",
        "linux, LINUX",
        "LINUX-*, linux-gpu-1",
        "linux-*, linux-",
        "*gpu*, linux-gpu-1",
        "*, ''",
        "agent-?, agent-1",
        "a.c, a.c",
        "[ab], [ab]",
        "a\\Eb, A\\eB",
        "größe-*, GRÖßE-1",
        "🤖-*, 🤖-1",
        "?-1, 🤖-1",
    })
    void aGlobMatchesTheWholeNameWithoutCase(String glob, AgentName name) {
        assertThat(new Globs(List.of(glob)).match(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "linux, linux-gpu-1",
        "linux, my-linux",
        "linux-*, linux",
        "agent-?, agent-10",
        "agent-?, agent-",
        "a.c, abc",
        "[ab], a",
        "a|b, a",
    })
    void aGlobDoesNotMatchAnotherName(String glob, AgentName name) {
        assertThat(new Globs(List.of(glob)).match(name)).isFalse();
    }

    @Test
    void noGlobsMatchNoName() {
        assertThat(new Globs(List.of()).match(new AgentName(""))).isFalse();
    }

    @Test
    void twoSetsOfGlobsMatchWhatEitherMatches() {
        Globs both = new Globs(List.of("a")).and(new Globs(List.of("b", "c")));

        assertThat(List.of("a", "b", "c")).allMatch(name -> both.match(new AgentName(name)));
        assertThat(both.match(new AgentName("ab"))).isFalse();
        assertThat(both).hasToString("a,b,c");
    }

    @Test
    void noGlobsAreEmpty() {
        assertThat(new Globs(List.of()).isEmpty()).isTrue();
        assertThat(new Globs(List.of("a")).isEmpty()).isFalse();
    }

    @Test
    void globsCanBeTakenFromOthers() {
        assertThat(new Globs(List.of("a-*", "b")).without(new Globs(List.of("b", "c"))))
                .hasToString("a-*");
    }
}
