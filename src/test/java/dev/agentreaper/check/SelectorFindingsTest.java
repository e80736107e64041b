package dev.agentreaper.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import dev.agentreaper.kubernetes.PodFacts;
import dev.agentreaper.kubernetes.PodFacts.EnvVar;
import dev.agentreaper.kubernetes.PodSource;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorFindingsTest {
    private final List<PodFacts> pods = new ArrayList<>();
    private String pool = "linux";

    private void pod(String namespace, String name, String app, Map<String, String> env) {
        List<EnvVar> variables = env.entrySet().stream()
                .map(each -> new EnvVar(each.getKey(), each.getValue(), null, false))
                .toList();
        pods.add(new PodFacts(
                new PodKey(namespace, name),
                "uid",
                new PodFacts.Metadata(Map.of("app", app, "pod-template-hash", name), Map.of(), null),
                new PodFacts.Spec(
                        "node", null, null, null, null, false, false, List.of(new PodFacts.Container(variables))),
                new PodFacts.Status("Running", null, null, null)));
    }

    /** Of a pool whose selector is {@code app=agent} in the namespace {@code ci}; no pod is selected. */
    private Check finding(String... online) {
        Set<AgentName> names =
                Set.copyOf(List.of(online).stream().map(AgentName::new).toList());
        PoolSettings settings = new PoolSettings(
                "default",
                URI.create("https://dev.azure.com/Fabrikam"),
                pool,
                new PersonalAccessToken.Given("token"),
                "7.1",
                new PodSource(List.of("ci"), "app=agent", AgentNameTemplate.parse("{agent}")),
                new Policy(new Globs(List.of()), Map.of(), new Globs(List.of()), Duration.ZERO, 1),
                Duration.ZERO,
                null);
        SelectorFindings findings = new SelectorFindings(Set.of(), names, true);
        pods.forEach(findings::add);
        return findings.of(settings, Set.of(), names);
    }

    @ParameterizedTest
    @CsvSource({
        "https://dev.azure.com/fabrikam/, Linux, true",
        "https://fabrikam.visualstudio.com, linux, true",
        "https://dev.azure.com/contoso, linux, false",
        "https://dev.azure.com/fabrikam, windows, false"
    })
    void aPodIsOfAPoolWhereItsOrganizationAndPoolAre(String url, String pool, boolean found) {
        pod("ci", "one", "other", Map.of("AZP_URL", url, "AZP_POOL", pool));

        assertThat(finding().isOk()).isEqualTo(!found);
    }

    @Test
    void aPoolThatIsGivenByItsIdHasPodsThatGiveItsName() {
        pool = "12";
        pod("ci", "one", "other", Map.of("AZP_POOL", "linux"));

        assertThat(finding().isOk()).isFalse();
    }

    @Test
    void aPodWhoseEnvComesFromElsewhereIsFoundByTheNameOfAnAgentThatIsOnline() {
        pod("ci", "agent-x", "other", Map.of());
        pod("ci", "web", "web", Map.of());

        Check check = finding("AGENT-X");

        assertThat(check.message()).startsWith("1 pod looks like an agent").endsWith(": ci/agent-x");
        assertThat(check.cure()).startsWith("set REAPER_POD_SELECTOR=app=other (in the file, pod-selector: app=other)");
    }

    @Test
    void podsInNamespacesThatAreNotWatchedAreNoReasonAgainstALabel() {
        pod("ci", "one", "other", Map.of("AZP_URL", "https://dev.azure.com/fabrikam"));
        pod("elsewhere", "web", "other", Map.of());
        pod("elsewhere", "of-another-pool", "other", Map.of("AZP_POOL", "windows"));

        assertThat(finding().cure()).startsWith("set REAPER_POD_SELECTOR=app=other ");
    }

    @Test
    void whereOnlyTheNamespaceIsMissingOnlyThatIsToBeSet() {
        pod("more", "one", "agent", Map.of("AZP_URL", "https://dev.azure.com/fabrikam"));

        assertThat(finding().cure()).isEqualTo("set REAPER_NAMESPACES=ci,more (in the file, namespaces: ci,more).");
    }
}
