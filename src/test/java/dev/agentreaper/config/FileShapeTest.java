package dev.agentreaper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.health.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

class FileShapeTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reaper: 5                                    | reaper",
                "reaper: []                                   | reaper",
                "reaper: { pools: linux }                     | reaper.pools",
                "reaper: { pools: [{ pool: linux }] }         | reaper.pools",
                "reaper: { pools: { linux: 5 } }              | reaper.pools.linux",
                "reaper: { pools: { linux: [{ pool: x }] } }  | reaper.pools.linux",
            })
    void aValueWhereKeysBelongIsAFaultThatNamesTheKey(String yaml, String key) {
        assertThat(FileShape.faults(file(yaml)))
                .singleElement()
                .asString()
                .startsWith(key + ": it has a value where keys belong. For example: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{ url: }", "{ sweep: {} }", "{ url: , sweep: { every: } }"})
    void aPoolWithoutASettingOfItsOwnIsAFaultThatNamesIt(String settings) {
        assertThat(FileShape.faults(file("reaper: { pools: { linux: { pool: x }, windows: %s } }".formatted(settings))))
                .extracting(Fault::toString)
                .containsExactly("reaper.pools.windows has no setting of its own, and would not be looked at."
                        + " For example: reaper.pools.windows.pool: my-pool");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agent-name: {pod}           | agent-name: '{agent}'",
                "agent-name: {label:x}       | agent-name: '{agent}'",
                "namespaces: {foo}           | namespaces: 'agents,more-agents'",
                "sweep: {agents: {linux}}    | sweep.agents: 'azdevops-agent-*'",
            })
    void keysWhereAValueBelongsAreAFaultThatSaysHowToWriteIt(String setting, String example) {
        assertThat(FileShape.faults(file("reaper: { pools: { linux: { pool: x, %s } } }".formatted(setting))))
                .singleElement()
                .asString()
                .contains("it has keys where a value belongs. What to do: put the value in quotes, as in " + example);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pools: { linux: { pool: x } }", "reeper: { mode: delete }", "REAPER_MODE: delete"})
    void aKeyBesidesOursIsAFaultForWhatIsBelowItWouldBeLost(String yaml) {
        assertThat(FileShape.faults(file(yaml)))
                .singleElement()
                .asString()
                .contains(" is no key that is read. What to do: put what is meant for us below reaper");
    }

    @Test
    void faultsBesidesOursHideNoneOfOurs() {
        assertThat(FileShape.faults(file("reeper: 1\npools: 2\nreaper: 3")))
                .extracting(Fault::what)
                .containsExactly(
                        "reeper is no key that is read",
                        "pools is no key that is read",
                        "reaper: it has a value where keys belong");
    }

    @Test
    void allFaultsAreToldAtOnceAndEachInOneLine() {
        assertThat(FileShape.faults(file("reaper: { pools: { a.b: , \"c\\nd\": 5 } }")))
                .extracting(Fault::toString)
                .containsExactly(
                        "reaper.pools.a.b has no setting of its own, and would not be looked at."
                                + " For example: reaper.pools.\"a.b\".pool: my-pool",
                        "reaper.pools.c?d: it has a value where keys belong."
                                + " For example: reaper.pools.c?d.pool: my-pool");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "quarkus: { log: { level: DEBUG } }",
                "quarkus.log.level: DEBUG",
                "reaper.mode: delete",
                "'%dev': { quarkus: { log: { level: DEBUG } } }",
                "reaper:",
                "reaper: { mode: delete, pools: }",
                "reaper: { mode: delete }",
                "reaper: { pools: { linux: { protect: [] } } }",
                "reaper: { pools: { linux: { url: , sweep: { every: 5m } } } }",
            })
    void whatIsReadAsItStandsIsNoFault(String yaml) {
        assertThat(FileShape.faults(file(yaml))).isEmpty();
    }

    private static Map<?, ?> file(String yaml) {
        return new Yaml().load(yaml);
    }
}
