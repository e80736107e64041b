package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code check} finds; and, for what pods and agents show, that its advice mends it: for the rest see {@link CheckAdviceIT}. */
class CheckIT {
    private static final Pattern ADVISED = Pattern.compile("([A-Z][A-Z_]{3,})='?((?<=')[^']+|\\S+?)'?[.;,]?(?=\\s|$)");

    @TempDir
    Path directory;

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void whereAllIsWellEachThingIsSaidToBeSo() {
        runsAgent("agent-1");
        scene.pool.register("agent-placeholder-1", OneShotScene.OF_A_POD);
        scene.pool.goOffline("agent-placeholder-1");

        Ended ended = scene.run("check");

        assertThat(ended.exitCode()).as("%s", ended).isZero();
        assertThat(ended.log()).isEmpty();
        assertThat(ended.output().lines())
                .allMatch(line -> line.startsWith("✓ "))
                .hasSizeGreaterThan(7);
        assertThat(ended.output())
                .contains(
                        "✓ kubernetes: pods app=agent in namespace " + scene.namespace
                                + " can be listed, watched and read: 1 there",
                        "✓ azure-devops of pool default: " + scene.azure.url()
                                + " takes our sign-in, and the pool «linux» has 2 agents",
                        "✓ agents-of-pods of pool default: 1 of 1 live pods map to an agent that exists: "
                                + scene.namespace + "/agent-1 → agent-1",
                        "agent-placeholder-1 (protected by its name)");
        assertThat(scene.azure.requests()).extracting(ReceivedRequest::method).containsOnly("GET");
    }

    @Test
    void theJsonIsThatOfTheContractAndAloneOnStdout() {
        scene.azure.fail(AzureDevOpsFault.unauthorized());

        Ended ended = scene.check();

        assertThat(ended.exitCode()).isEqualTo(1);
        JsonNode report = OneShotScene.json(ended.output());
        assertThat(report.path("schema").asInt()).isEqualTo(1);
        assertThat(report.path("command").asText()).isEqualTo("check");
        assertThat(report.path("checks"))
                .allSatisfy(check -> assertThat(check.fieldNames())
                        .toIterable()
                        .containsExactly("name", "pool", "ok", "message", "cure"));
        assertThat(ended.failedChecks()).singleElement().satisfies(check -> {
            assertThat(check.path("name").asText()).isEqualTo("azure-devops");
            assertThat(check.path("pool").asText()).isEqualTo("default");
            assertThat(check.path("message").asText()).startsWith("HTTP 401 from ");
            assertThat(check.path("cure").asText()).contains("Agent Pools (read, manage)");
        });
        assertThat(ended.log()).isEmpty();
    }

    @Test
    void eachFaultOfTheConfigurationIsOneThingThatIsWrong() {
        scene.without("AZP_POOL").env("REAPER_SWEEP_EVERY", "often");

        assertThat(scene.check().failedChecks())
                .allMatch(check -> check.path("name").asText().equals("configuration"))
                .extracting(check -> check.path("message").asText() + " "
                        + check.path("cure").asText())
                .anyMatch(text -> text.contains("AZP_POOL is missing") && text.contains("set AZP_POOL=my-pool"))
                .anyMatch(text -> text.contains("REAPER_SWEEP_EVERY") && text.contains("set REAPER_SWEEP_EVERY=5m"))
                .hasSize(2);
    }

    @Test
    void theModeMayBeChosenLater() {
        runsAgent("agent-1");

        Ended ended = scene.without("REAPER_MODE").check();

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.warnings()).singleElement().asString().contains("REAPER_MODE is not set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--output json", "--output=JSON"})
    void aFileThatIsNoYamlIsOneThingThatIsWrong(String option) {
        scene.file("reaper: [");

        assertThat(scene.run(("check " + option).split(" ")).failedChecks())
                .singleElement()
                .satisfies(check -> assertThat(check.path("message").asText()).contains("application.yaml"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --output text", " --output yaml", " --unknown json"})
    void aFileThatIsNoYamlIsToldInWordsWhereJsonIsNotAskedFor(String option) {
        scene.file("reaper: [");

        Ended ended = scene.run(("check" + option).split(" "));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).startsWith("✗ configuration: config/application.yaml can't be read as YAML");
    }

    @Test
    @NeedsApiServer
    void whatGrantsMissingRightsIsSaidInCommandsThatDo(KubernetesApiServer server)
            throws IOException, InterruptedException {
        try (OneShotScene real = new OneShotScene(server)) {
            real.pool.register("agent-online", OneShotScene.OF_A_POD);
            real.env("KUBECONFIG", server.kubeconfigFor(real.namespace, "reaper"));
            Ended before = real.check();
            String cure = theOnlyCure(before, "kubernetes");
            assertThat(cure).startsWith("kubectl create role agent-reaper-pods ");

            ProcessBuilder shell = new ProcessBuilder("bash", "-c", cure)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("said").toFile());
            Path assets = KubernetesApiServer.assets().orElseThrow();
            shell.environment().put("KUBECONFIG", server.kubeconfig().toString());
            shell.environment().merge("PATH", assets.toString(), (path, added) -> added + ":" + path);
            assertThat(shell.start().waitFor()).isZero();
            assertThat(shell.start().waitFor()).as("given again").isZero();

            assertThat(real.check().failedChecks())
                    .noneMatch(check -> check.path("name").asText().equals("kubernetes"));
        }
    }

    @Test
    void rightsThatAreMissingTogetherAreToldWithOneCure() {
        for (KubernetesOperation operation : List.of(KubernetesOperation.WATCH, KubernetesOperation.GET)) {
            cluster.fail(
                    operation,
                    KubernetesFault.status(403, "Forbidden", "User \"arn:aws:iam::1:role/ci\" cannot do this"));
        }

        Ended ended = scene.check();

        assertThat(theOnlyCure(ended, "kubernetes")).containsOnlyOnce("kubectl create rolebinding");
        assertThat(theOnlyCure(ended, "kubernetes")).contains("--user=arn:aws:iam::1:role/ci -n ");
        assertThat(ended.failedChecks().getFirst().path("message").asText())
                .contains("can't be watched: HTTP 403", "can't be read one by one: HTTP 403");
    }

    @Test
    void aBigClusterIsCheckedWithinLittleMemory() {
        for (int i = 0; i < 10_000; i++) {
            KubernetesPod pod = agentPod("agent-" + i).label(OneShotScene.LABEL, i % 2 == 0 ? "agent" : "other");
            for (int j = 0; j < 10; j++) {
                pod.env("VARIABLE_" + j, "x".repeat(1000) + i);
            }
            cluster.create(pod);
        }

        scene.vmOption("-Xmx64m");

        assertThat(theOnlyCure(scene.check(), "selector")).startsWith("set REAPER_POD_SELECTOR='app in (agent,other)'");
    }

    @Test
    void anApiVersionThatTheServerDoesNotKnowIsReplacedByTheOneItNames() {
        scene.azure.withApiVersions("6.0", "6.1");

        follow("azure-devops");
    }

    @Test
    void podsThatLookLikeAgentsAndAreNotSelectedAreFoundWithTheSelectorThatSelectsThem() {
        runsAgent("agent-1");
        for (String name : List.of("agent-big-1", "agent-big-2")) {
            scene.running(agentPod(name).label("app", "big-agent").label("pod-template-hash", name));
            scene.pool.register(name, OneShotScene.OF_A_POD);
        }
        scene.running(KubernetesPod.of(scene.namespace, "web")
                .label("app", "web")
                .node("node-1")
                .env("PORT", "80"));
        scene.running(agentPod("ours").label("app", "agent-reaper").env("REAPER_MODE", "delete"));
        scene.running(agentPod("of-another-pool").label("app", "windows").env("AZP_POOL", "windows"));

        Ended before = scene.check();
        assertThat(before.failedChecks())
                .filteredOn(check -> check.path("name").asText().equals("selector"))
                .singleElement()
                .satisfies(check -> assertThat(check.path("message").asText())
                        .startsWith("2 pods look like agents")
                        .contains("agent-big-1", "agent-big-2")
                        .doesNotContain("web", "ours", "of-another-pool"));
        assertThat(cure(before, "selector")).startsWith("set REAPER_POD_SELECTOR='app in (agent,big-agent)'");

        followed(cure(before, "selector"));
    }

    @Test
    void podsWhoseAgentsAreNamedOtherwiseAreShownBesideTheAgentsThatHaveNone() {
        scene.running(scene.podNamed("agent-1"), Instant.now().minus(Duration.ofHours(1)));
        scene.pool.register("linux-agent-1", OneShotScene.OF_A_POD);
        scene.env("REAPER_SWEEP_AGENTS", "*agent-*");

        followed(cure(scene.check(), "agents-of-pods"));
    }

    @Test
    void machinesThatASweepWouldTakeAreFoundWithWhatKeepsThem() {
        runsAgent("agent-1");
        scene.env("REAPER_PROTECT", "agent-kept");
        scene.pool.register("agent-kept", Map.of("Agent.Name", "agent-kept"));
        scene.pool.goOffline("agent-kept");
        scene.pool.register("agent-on-a-machine", Map.of("Agent.Name", "agent-on-a-machine"));
        scene.pool.goOffline("agent-on-a-machine");

        follow("sweep-safety");
    }

    @Test
    void agentsThatNoSweepWouldRemoveAreFoundWithAGlobForThem() {
        runsAgent("agent-1");
        scene.env("REAPER_SWEEP_AGENTS", "linux-*");

        follow("sweep-agents");
    }

    @Test
    void agentsThatLackWhatMarksTheirClusterAreFound() {
        runsAgent("agent-1");
        scene.env("REAPER_CAPABILITIES", "CLUSTER=here");

        assertThat(theOnlyCure(scene.check(), "capabilities"))
                .contains("set CLUSTER=here in the env of the agents' pods");
    }

    private void runsAgent(String name) {
        scene.running(agentPod(name).label(OneShotScene.LABEL, "agent"));
        scene.pool.register(name, OneShotScene.OF_A_POD);
    }

    private KubernetesPod agentPod(String name) {
        return KubernetesPod.of(scene.namespace, name).node("node-1").env("AZP_URL", "https://dev.azure.com/fabrikam");
    }

    /** One thing is wrong; the variable that its cure names is set so, and then all is well. */
    private void follow(String name) {
        followed(theOnlyCure(scene.check(), name));
    }

    private void followed(String cure) {
        Matcher advised = ADVISED.matcher(cure);
        assertThat(advised.find()).as(cure).isTrue();
        scene.env(advised.group(1), advised.group(2));

        assertThat(scene.check().failedChecks()).isEmpty();
    }

    private static String theOnlyCure(Ended ended, String name) {
        assertThat(ended.failedChecks()).as("%s", ended).hasSize(1);
        return cure(ended, name);
    }

    private static String cure(Ended ended, String name) {
        assertThat(ended.exitCode()).isEqualTo(1);
        return ended.failedChecks().stream()
                .filter(check -> check.path("name").asText().equals(name))
                .map(check -> check.path("cure").asText())
                .reduce((one, other) -> {
                    throw new IllegalStateException("two of " + name);
                })
                .orElseThrow(() -> new IllegalStateException("no failed " + name + " in " + ended));
    }
}
