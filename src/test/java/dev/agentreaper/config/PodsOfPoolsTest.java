package dev.agentreaper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.DeclaredPool;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.PodKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of which pools a pod may be that says this of itself. */
class PodsOfPoolsTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # It names one of them.
            https://one.example.com/DefaultCollection  , Default  , one
            https://two.example.com/DefaultCollection  , Default  , two
            https://dev.azure.com/fabrikam             , linux    , linux
            # It is known by another address, or says too little: of any that this does not exclude.
            https://in.cluster/DefaultCollection       , Default  , one two
            -                                          , Default  , one two by-id
            -                                          , linux    , linux by-id
            # It names none of them, and may be of one that was renamed.
            https://dev.azure.com/fabrikam             , windows  , one two linux by-id
            https://dev.azure.com/contoso              , windows  , one two linux by-id
            https://dev.azure.com/fabrikam             , -        , one two linux by-id
            -                                          , -        , one two linux by-id
            """)
    void thoseThatItNamesElseThoseThatItDoesNotExclude(@Nullable String url, @Nullable String pool, String names)
            throws ConfigurationException {
        Settings settings = Configuration.required().file("""
                        reaper:
                          pools:
                            one: {url: https://one.example.com/DefaultCollection, pool: Default}
                            two: {url: https://two.example.com/DefaultCollection, pool: Default}
                            linux: {url: https://fabrikam.visualstudio.com, pool: Linux}
                            by-id: {url: https://dev.azure.com/contoso, pool: "12"}
                        """).read();
        Pod pod = pod(DeclaredPool.of(url, pool));

        assertThat(settings.pools().stream()
                        .filter(each -> settings.mayBeOf(each, pod))
                        .map(PoolSettings::name))
                .containsExactlyInAnyOrderElementsOf(List.of(names.split(" ")));
    }

    private static Pod pod(DeclaredPool declared) {
        PodAgent agent = new PodAgent.Named(new AgentName("agent-0"));
        return new Pod(new PodKey("ci", "agent-0"), "uid", agent, declared, false, false, null, null);
    }
}
