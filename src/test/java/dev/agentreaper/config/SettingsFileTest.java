package dev.agentreaper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.config.SettingsReader.Purpose;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
    private final Configuration configuration = Configuration.required();

    @Test
    void eachPoolOfTheFileHasItsOwnSettingsAndTheVariablesAsDefaults() throws ConfigurationException {
        configuration.set("REAPER_RETRY_FOR", "1m").file("""
                        reaper:
                          pools:
                            windows:
                              pool: win
                              api-version: 7.0
                              retry-for: 2m
                              sweep:
                                every: 1h
                                offline-for: 0s
                            "linux.x64":
                              agent-name: "{pod}"
                            linux arm:
                              pool: arm 42
                        """);

        List<PoolSettings> pools = configuration.read().pools();

        assertThat(pools).extracting(PoolSettings::name).containsExactly("linux arm", "linux.x64", "windows");
        assertThat(pools).extracting(PoolSettings::pool).containsExactly("arm 42", "linux", "win");
        assertThat(pools)
                .extracting(PoolSettings::retryFor)
                .containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(2));
        assertThat(pools)
                .extracting(pool -> pool.pods().template().toString())
                .containsExactly("{agent}", "{pod}", "{agent}");
        assertThat(pools.getLast().apiVersion()).isEqualTo("7.0");
        assertThat(pools.getLast().sweepEvery()).isEqualTo(Duration.ofHours(1));
        assertThat(pools.getLast().policy().offlineFor()).isZero();
    }

    @Test
    void aPoolThatIsThereTwiceIsAFaultForNeitherWouldKnowTheOthersPods() {
        assertThat(configuration.file("""
                        reaper:
                          pools:
                            a: {url: https://dev.azure.com/Fabrikam, pool: Linux, pod-selector: app=one}
                            b: {url: https://fabrikam.visualstudio.com, pool: linux, pod-selector: app=two}
                            c: {pool: other}
                        """).faults())
                .containsExactly("reaper.pools.a and reaper.pools.b are the same agent pool, and neither would know the"
                        + " other's pods. What to do: make one of them, as with pod-selector: app in (one, other).");
    }

    @Test
    void soIsOneWhoseIdIsThereTwice() {
        assertThat(configuration.file("""
                        reaper:
                          pools:
                            a: {pool: "7"}
                            b: {pool: "07"}
                        """).faults())
                .singleElement(STRING)
                .startsWith("reaper.pools.a and reaper.pools.b are the same agent pool");
    }

    @Test
    void soIsOneThatMayBeThereByItsNameAndByItsId() {
        assertThat(configuration.file("""
                        reaper:
                          pools:
                            a: {pool: linux}
                            b: {pool: "12"}
                            c: {pool: "12", url: https://dev.azure.com/contoso}
                        """).faults())
                .containsExactly(
                        "reaper.pools.a and reaper.pools.b may be the same agent pool: one is given by its name,"
                                + " and one by its id. What to do: give both by their names, or both by their ids.");
    }

    @Test
    void twoDifferentModesAreAFault() {
        assertThat(configuration
                        .set("REAPER_MODE", "delete")
                        .file("reaper: {mode: dry-run}")
                        .faults())
                .containsExactly("REAPER_MODE «delete» would go before reaper.mode «dry-run»."
                        + " What to do: leave one of them out.");
    }

    @Test
    void theSameModeTwiceIsNone() throws ConfigurationException {
        assertThat(configuration
                        .set("REAPER_MODE", "delete")
                        .file("reaper: {mode: delete}")
                        .read()
                        .mode())
                .isEqualTo(Mode.DELETE);
    }

    @Test
    void aFileNeedsNoVariables() throws ConfigurationException {
        Settings settings = new Configuration().file("""
                        reaper:
                          mode: dry-run
                          shutdown-timeout: 5s
                          log-format: json
                          pools:
                            a:
                              url: https://dev.azure.com/o
                              pool: linux
                              token-file: /run/a
                              pod-selector: app=a
                              namespaces: [ci, cd]
                              protect:
                                - keep-*
                                - vm-1
                              capabilities: [CLUSTER=prod-1]
                              sweep:
                                agents: [a-*]
                                max-removals: 7
                        """).read();

        assertThat(settings.mode()).isEqualTo(Mode.DRY_RUN);
        assertThat(settings.shutdownTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.pools()).singleElement().satisfies(pool -> {
            assertThat(pool.signIn()).isEqualTo(new PersonalAccessToken.InFile(Path.of("/run/a")));
            assertThat(pool.pods().namespaces()).containsExactly("ci", "cd");
            assertThat(pool.policy().capabilities()).isEqualTo(Map.of("CLUSTER", "prod-1"));
            assertThat(pool.policy().maxRemovals()).isEqualTo(7);
            assertThat(List.of("keep-1", "vm-1"))
                    .allMatch(name -> pool.policy().protect().match(new AgentName(name)));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "\"off\""})
    void sweepsAreOffWithOrWithoutQuotes(String off) throws ConfigurationException {
        configuration.file(pool("sweep: { every: %s }".formatted(off)));

        assertThat(configuration.read().pools().getFirst().sweepEvery()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            token: own                         | AZP_TOKEN      | own
            token: own                         | AZP_TOKEN_FILE | own
            token-file: /own                   | AZP_TOKEN      | /own
            token-file: /own                   | AZP_TOKEN_FILE | /own
            token: own, token-file: /own       | AZP_TOKEN_FILE | /own
            pool: linux                        | AZP_TOKEN      | inherited
            """)
    void aPoolsOwnTokenGoesBeforeAnInheritedOneAndAFileBeforeAValue(String own, String inherited, String taken)
            throws ConfigurationException {
        configuration.without("AZP_TOKEN").set(inherited, "inherited").file(pool(own));

        assertThat(configuration.read().pools().getFirst().signIn())
                .isEqualTo(
                        taken.startsWith("/")
                                ? new PersonalAccessToken.InFile(Path.of(taken))
                                : new PersonalAccessToken.Given(taken));
    }

    @Test
    void aFaultInTheFileIsToldAsItIsWrittenThere() {
        configuration.without("AZP_POOL").file(pool("retry-for: soon"));

        assertThat(configuration.faults())
                .containsExactlyInAnyOrder(
                        "reaper.pools.a.retry-for «soon»: it is not a time span."
                                + " For example: reaper.pools.a.retry-for: 15m",
                        "reaper.pools.a.pool is missing. For example: reaper.pools.a.pool: my-pool");
    }

    @Test
    void aFaultInAVariableIsToldOfThatVariableThoughAFileInheritsIt() {
        configuration.set("REAPER_RETRY_FOR", "soon").file(pool("pool: linux"));

        assertThat(configuration.faults()).singleElement().asString().startsWith("REAPER_RETRY_FOR «soon»");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reaper: { pools: { a: { protekt: x } } }            | reaper.pools.a.protekt         | protect
            reaper: { pools: { "a.b": { selector: x } } }       | reaper.pools."a.b".selector    | pod-selector
            reaper: { pools: { a: { namespace: [x] } } }        | reaper.pools.a.namespace       | namespaces
            reaper: { pools: { a: { sweep: { evry: 1m } } } }   | reaper.pools.a.sweep.evry      | sweep.every
            reaper: { mod: delete }                             | reaper.mod                     | reaper.mode
            """)
    void anUnknownKeyInTheFileIsAFaultThatNamesTheNearest(String yaml, String unknown, String nearest) {
        assertThat(configuration.file(yaml).faults())
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault)
                        .startsWith("unknown key " + unknown)
                        .endsWith("did you mean %s?".formatted(nearest)));
    }

    @Test
    void whatTheFileHoldsForOthersIsNoFault() {
        assertThat(configuration.file("quarkus: { log: { level: DEBUG } }").faults())
                .isEmpty();
    }

    @Test
    void aWarningOfAVariableThatTwoPoolsInheritIsToldOnce() throws ConfigurationException {
        configuration.set("AZP_URL", "http://tfs/c ").file("reaper: { pools: { a: { pool: a }, b: { pool: b } } }");

        assertThat(configuration.warnings()).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void eachPoolThatLacksASettingIsToldOf() {
        configuration.without("AZP_POOL").file("reaper: { pools: { a: { retry-for: 1m }, b: { retry-for: 1m } } }");

        assertThat(configuration.missing(Purpose.SWEEP)).containsExactly("reaper.pools.a.pool", "reaper.pools.b.pool");
    }

    private static String pool(String settings) {
        return "reaper: { pools: { a: { %s } } }".formatted(settings);
    }
}
