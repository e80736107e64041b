package dev.agentreaper.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.DeclaredPool;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import dev.agentreaper.kubernetes.PodSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AgentFindingsTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(1));
    private static final Map<String, String> OF_A_POD =
            Map.of(Inventory.OF_ANY_AGENT, "x", Inventory.OF_A_POD, "10.0.0.1");
    private static final Map<String, String> OF_A_MACHINE = Map.of(Inventory.OF_ANY_AGENT, "x");

    private final List<Agent> agents = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private String sweepAgents = "azp-*";
    private Map<String, String> required = Map.of();
    private List<String> otherPools = List.of();

    private void agent(String name, boolean online, Map<String, String> capabilities) {
        agent(name, online, true, LONG_AGO, capabilities);
    }

    private void agent(
            String name, boolean online, boolean enabled, @Nullable Instant since, Map<String, String> capabilities) {
        agents.add(new Agent(agents.size() + 1, new AgentName(name), online, enabled, false, since, capabilities));
    }

    private void pod(String name, PodAgent agent, @Nullable Instant started) {
        pod(name, agent, false, started);
    }

    private void placeholder(String name) {
        pod(name, new PodAgent.Named(new AgentName(name)), true, LONG_AGO);
    }

    private void pod(String name, PodAgent agent, boolean placeholder, @Nullable Instant started) {
        pods.add(new Pod(
                new PodKey("ci", name), "uid-" + name, agent, DeclaredPool.UNKNOWN, false, placeholder, started, null));
    }

    private void pod(String name) {
        pod(name, new PodAgent.Named(new AgentName(name)), LONG_AGO);
    }

    private Check finding(String name) {
        return findings().stream()
                .filter(check -> check.name().equals(name))
                .reduce((one, other) -> {
                    throw new IllegalStateException("two of " + name);
                })
                .orElseThrow();
    }

    private List<Check> findings() {
        Policy policy = new Policy(
                new Globs(List.of("keep-*")),
                required,
                new Globs(sweepAgents.isEmpty() ? List.of() : List.of(sweepAgents)),
                Duration.ofMinutes(10),
                200);
        return new AgentFindings(new Inventory(settings(policy), "linux", otherPools, agents, pods, NOW)).all();
    }

    private static PoolSettings settings(Policy policy) {
        return new PoolSettings(
                "default",
                URI.create("https://dev.azure.com/fabrikam"),
                "linux",
                new PersonalAccessToken.Given("token"),
                "7.1",
                new PodSource(List.of("ci"), "app=agent", AgentNameTemplate.parse("{agent}")),
                policy,
                Duration.ZERO,
                null);
    }

    @Test
    void podsWhoseAgentsExistAreCountedAndShown() {
        pod("azp-1");
        agent("AZP-1", true, OF_A_POD);

        assertThat(finding("agents-of-pods"))
                .isEqualTo(new Check(
                        "agents-of-pods",
                        "default",
                        "1 of 1 live pods map to an agent that exists: ci/azp-1 → azp-1",
                        null));
    }

    @Test
    void aPodWhoseAgentDoesNotExistIsShownWithTheAgentsThatHaveNoPod() {
        pod("azp-1");
        pod("azp-2");
        agent("azp-1", true, OF_A_POD);
        agent("linux-azp-2", true, OF_A_POD);

        Check check = finding("agents-of-pods");

        assertThat(check.message()).startsWith("1 of 2 live pods").endsWith("; no such agent: ci/azp-2 → azp-2");
        assertThat(check.cure()).contains("see the logs", "without a pod: linux-azp-2)");
    }

    @Test
    void whereAllAgentsAreNamedAlikeAfterTheirPodsTheirTemplateIsProposed() {
        pod("azp-1");
        pod("azp-2");
        agent("linux-AZP-1", true, OF_A_POD);
        agent("linux-azp-1", true, OF_A_POD);
        agent("linux-azp-2", true, OF_A_POD);

        assertThat(finding("agents-of-pods").cure())
                .startsWith("set REAPER_AGENT_NAME='linux-{agent}' (in the file, agent-name: 'linux-{agent}')");
    }

    @Test
    void neitherAnAgentThatIsOfflineNorOneThatOnlyBeginsAlikeMakesATemplate() {
        pod("azp-1");
        agent("linux-azp-1", false, OF_A_POD);
        agent("azp-12", true, OF_A_POD);

        assertThat(finding("agents-of-pods").cure()).contains("see the logs").doesNotContain("{agent}");
    }

    @Test
    void wherePodsAndAgentsHaveNothingInCommonTheAgentsThatHaveNoPodAreShown() {
        pod("azp-1");
        pod("azp-2");
        agent("linux-azp-2", true, OF_A_POD);
        agent("build-1", true, OF_A_POD);

        assertThat(finding("agents-of-pods").cure())
                .contains("REAPER_AGENT_NAME", "envFrom", "without a pod: build-1, linux-azp-2)");
    }

    @Test
    void whereNoPodIsSelectedAndAgentsRunInPodsTheSelectorIsInDoubt() {
        agent("build-1", true, OF_A_POD);
        agent("vm", true, OF_A_MACHINE);

        Check check = finding("agents-of-pods");

        assertThat(check.message()).contains("no live pod is selected").endsWith(": build-1");
        assertThat(check.cure()).contains("REAPER_POD_SELECTOR");
    }

    @Test
    void whereNoPodsAndNoAgentsRunNothingIsWrongAndItIsSaidToCheckAgain() {
        agent("vm", true, OF_A_MACHINE);
        agent("build-1", false, OF_A_POD);

        Check check = finding("agents-of-pods");

        assertThat(check.isOk()).isTrue();
        assertThat(check.message()).contains("0 of 0 live pods", "check again when some run");
    }

    @Test
    void aPodThatHasJustStartedMayYetRegister() {
        pod("azp-1", new PodAgent.Named(new AgentName("azp-1")), NOW.minusSeconds(60));
        pod("azp-2", new PodAgent.NotYet(), null);

        Check check = finding("agents-of-pods");

        assertThat(check.isOk()).isTrue();
        assertThat(check.message()).contains("0 of 2 live pods", "2 have not had the time to register");
    }

    @Test
    void aPodWhoseAgentNameCanNotBeToldIsShownWithTheReason() {
        pod("azp-1", new PodAgent.Unmapped("AZP_AGENT_NAME comes from a Secret"), LONG_AGO);

        Check check = finding("agents-of-pods");

        assertThat(check.message()).contains("ci/azp-1 (AZP_AGENT_NAME comes from a Secret)");
        assertThat(check.cure()).contains("set AZP_AGENT_NAME in the spec", "REAPER_POD_SELECTOR");
    }

    @Test
    void agentsOfPodsThatLackARequiredCapabilityAreShown() {
        required = Map.of("CLUSTER", "a");
        pod("azp-1");
        pod("azp-2");
        agent("azp-1", true, Map.of("CLUSTER", "a"));
        agent("azp-2", true, Map.of("CLUSTER", "b"));

        Check check = finding("capabilities");

        assertThat(check.message()).contains("of 2 agents of live pods 1 does not report CLUSTER=a", ": azp-2");
        assertThat(check.cure()).contains("set CLUSTER=a in the env of the agents' pods");
    }

    @Test
    void protectingTheAgentsOfAllLivePodsIsShown() {
        pod("keep-1");
        pod("keep-2");

        Check check = finding("protect");

        assertThat(check.message())
                .isEqualTo("keep-* protects the agents of all live pods, and none of them would ever be removed");
        assertThat(check.cure()).contains("narrow REAPER_PROTECT");
    }

    @Test
    void protectingSomeAgentsOfLivePodsIsRight() {
        pod("keep-1");
        pod("azp-1");

        assertThat(findings()).extracting(Check::name).doesNotContain("protect");
    }

    @Test
    void soIsProtectingThePlaceholderThatAloneHasALivePod() {
        placeholder("keep-1");

        assertThat(findings()).extracting(Check::name).doesNotContain("protect");
    }

    @Test
    void whatLooksLikeAPlaceholderIsShownWithWhatKeepsIt() {
        agent("placeholder-1", false, OF_A_POD);
        agent("keep-me", false, OF_A_POD);
        agent("marked", false, Map.of("AZP_TEMPLATE_JOB", "1"));
        agent("never", false, true, null, Map.of());
        agent("off", false, false, LONG_AGO, OF_A_POD);
        agent("dummy-agent", true, OF_A_POD);

        Check check = finding("placeholders");

        assertThat(check.isOk()).isTrue();
        assertThat(check.message())
                .contains(
                        "placeholder-1 (protected by its name)",
                        "keep-me (protected by its name)",
                        "marked (protected by AZP_PLACEHOLDER or AZP_TEMPLATE_JOB)",
                        "never (was never online",
                        "off (is disabled")
                .doesNotContain("dummy-agent");
    }

    @Test
    void agentsOfPodsThatSweepsWouldNeverTakeAreShownWithAGlobForThem() {
        pod("linux-agent-1a2b-x");
        pod("linux-agent-1a2b-y");

        Check check = finding("sweep-agents");

        assertThat(check.message()).contains("azp-* would never remove linux-agent-1a2b-x, linux-agent-1a2b-y");
        assertThat(check.cure())
                .isEqualTo("set REAPER_SWEEP_AGENTS='azp-*,linux-agent-1a2b-*'"
                        + " (in the file, sweep.agents: 'azp-*,linux-agent-1a2b-*').");
    }

    @Test
    void theGlobOutlivesTheRolloutOfADeployment() {
        pod("linux-agent-7d4b9c6f8d-kp7zd");

        assertThat(finding("sweep-agents").cure()).contains("='azp-*,linux-agent-*'");
    }

    @Test
    void noGlobThatIsProposedMatchesWhateverThereIs() {
        pod("linux-1");
        pod("windows-1");
        pod("Big-1");
        pod("big-2");
        pod("alone");
        pod("-odd");

        assertThat(finding("sweep-agents").cure()).contains("='azp-*,alone,-odd,Big-*,big-*,linux-*,windows-*'");
    }

    @Test
    void aNameThatMeansMoreToAShellIsProposedAsAGlobThatMatchesIt() {
        pod("it's,$(a)*");

        assertThat(finding("sweep-agents").cure()).contains("='azp-*,it?s???a??'");
    }

    @Test
    void machinesThatSweepsWouldTakeAreShown() {
        pod("azp-1");
        agent("azp-1", true, OF_A_POD);
        agent("azp-vm", false, OF_A_MACHINE);
        agent("keep-vm", false, OF_A_MACHINE);
        agent("azp-ghost", false, OF_A_POD);

        Check check = finding("sweep-safety");

        assertThat(check.message()).contains("machines", ": azp-vm").doesNotContain("ghost", "keep-vm", "azp-1");
        assertThat(check.cure()).contains("set REAPER_PROTECT='keep-*,azp-vm'");
    }

    @Test
    void anAgentOfAPodElsewhereThatIsOnlineIsShown() {
        agent("azp-elsewhere", true, OF_A_POD);

        Check check = finding("sweep-safety");

        assertThat(check.message()).contains("online: azp-elsewhere");
        assertThat(check.cure()).contains("REAPER_CAPABILITIES");
    }

    @Test
    void whereAnotherClustersAgentsAreToldApartNoneIsShown() {
        required = Map.of("CLUSTER", "a");
        agent("azp-elsewhere", true, Map.of("CLUSTER", "b"));

        assertThat(finding("sweep-safety").isOk()).isTrue();
    }

    @Test
    void whereThereAreNoSweepsNothingIsSaidOfThem() {
        sweepAgents = "";
        agent("azp-vm", false, OF_A_MACHINE);

        assertThat(new AgentFindings(new Inventory(
                                settings(new Policy(
                                        new Globs(List.of()), Map.of(), new Globs(List.of()), Duration.ZERO, 1)),
                                "linux",
                                otherPools,
                                agents,
                                pods,
                                NOW))
                        .all())
                .extracting(Check::name)
                .containsExactly("agents-of-pods", "placeholders");
    }
}
