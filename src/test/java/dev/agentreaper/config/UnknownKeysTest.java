package dev.agentreaper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.health.Fault;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownKeysTest {
    @ParameterizedTest
    @CsvSource({
        "REAPER_POD_SELECTR, REAPER_POD_SELECTOR",
        "REAPER_SELECTOR, REAPER_POD_SELECTOR",
        "reaper.modus, reaper.mode",
        "reaper.pools.linux.sweep.agent, sweep.agents",
    })
    void whatToDoNamesTheNearestKey(String unknown, String nearest) {
        assertThat(UnknownKeys.in(Set.of(unknown)))
                .singleElement()
                .returns("unknown key " + unknown, Fault::what)
                .returns("name it %s, or leave it out.".formatted(nearest), Fault::cure)
                .hasToString("unknown key %s, did you mean %s?", unknown, nearest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"REAPER_FOO", "REAPER_VERBOSITY", "reaper.foo", "reaper.pools.linux.verbosity"})
    void whatToDoNamesTheListOfKeysWhereNoneIsNear(String unknown) {
        assertThat(UnknownKeys.in(Set.of(unknown)))
                .isEqualTo(List.of(new Fault(
                        "unknown key " + unknown,
                        new Fault.Remedy.Action(
                                "take one that the README lists under Configuration, or leave it out."))));
    }
}
