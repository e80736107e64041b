package dev.agentreaper.program;

import static dev.agentreaper.program.Checked.cure;
import static dev.agentreaper.program.Checked.failed;
import static dev.agentreaper.program.Checked.message;
import static dev.agentreaper.program.Checked.theOnlyCure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.EntraClient;
import dev.agentreaper.simulator.EntraSimulator;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.LoopbackRelay;
import dev.agentreaper.simulator.NeedsApiServer;
import dev.agentreaper.simulator.ServiceAccountToken;
import dev.agentreaper.simulator.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each fault that a new user can make: {@code check} says what to do, just that is done, and all is well. What a person does
 * in a page of Azure DevOps or of Azure is done to the simulators, with what the advice names. Proxies are in {@link ProxyIT}.
 */
class CheckAdviceIT {
    private static final Pattern ADVISED = Pattern.compile("([A-Z][A-Z_]{3,})='?((?<=')[^']+|\\S+?)'?[.;,]?(?=\\s|$)");
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";
    private static final String SECRET = "s3cret~that.is-long_and+odd";
    private static final String SUBJECT = "system:serviceaccount:agent-reaper:agent-reaper";

    @TempDir
    Path directory;

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);
    private final EntraSimulator entra = EntraSimulator.start();

    @AfterEach
    void close() {
        scene.close();
        entra.close();
        cluster.close();
    }

    /** All is well, signed in with Entra by a secret. */
    private OneShotScene withSecret() {
        scene.azure.connectTo(entra);
        entra.client(CLIENT).secret(SECRET);
        return scene.without("AZP_TOKEN")
                .env("AZURE_AUTHORITY_HOST", entra.url())
                .env("AZURE_TENANT_ID", entra.tenant())
                .env("AZURE_CLIENT_ID", CLIENT)
                .env("AZURE_CLIENT_SECRET", SECRET);
    }

    private Path withServiceAccountToken() throws IOException {
        Path file = directory.resolve("azure-identity-token");
        withSecret().without("AZURE_CLIENT_SECRET").env("AZURE_FEDERATED_TOKEN_FILE", file);
        Files.writeString(file, serviceAccountToken());
        return file;
    }

    private static String serviceAccountToken() {
        return ServiceAccountToken.of(
                        "agent-reaper", "agent-reaper", Instant.now().plusSeconds(3600))
                .signed();
    }

    @Test
    void aWrongTenant() {
        withSecret().env("AZURE_TENANT_ID", "contoso.example");

        assertThat(theOnlyCure(check(), "azure-devops"))
                .startsWith("set AZURE_TENANT_ID (in the file, entra.tenant-id) to the id of the organization's tenant"
                        + " (Organization settings, Microsoft Entra)");
        scene.env("AZURE_TENANT_ID", entra.tenant());

        allIsWell();
    }

    @Test
    void aWrongClient() {
        withSecret().env("AZURE_CLIENT_ID", "c11e47ab-0000-4000-8000-00000000dead");

        assertThat(theOnlyCure(check(), "azure-devops"))
                .startsWith("set AZURE_CLIENT_ID (in the file, entra.client-id) to the client id of an identity of the"
                        + " tenant " + entra.tenant());
        scene.env("AZURE_CLIENT_ID", CLIENT);

        allIsWell();
    }

    @Test
    void anExpiredSecret() {
        withSecret();
        entra.client(CLIENT).expireSecret(SECRET);

        Ended ended = check();
        MatchResult advised = advised(
                theOnlyCure(ended, "azure-devops"),
                "make a new secret and put it into (AZURE_CLIENT_SECRET) .*: az ad app credential reset --append --id (\\S+)");
        assertThat(message(ended, "azure-devops")).contains("AADSTS7000222");
        EntraClient reset = entra.client(advised.group(2));
        reset.secret("another~secret.of-this_client");
        scene.env(advised.group(1), "another~secret.of-this_client");

        allIsWell();
    }

    @Test
    void aServiceAccountWithoutAFederatedCredential() throws IOException {
        withServiceAccountToken();

        MatchResult advised = advised(
                theOnlyCure(check(), "azure-devops"),
                "give the identity with the client id (\\S+) a federated credential with exactly the issuer (\\S+), the"
                        + " subject (\\S+) and the audience (\\S+) \\(az identity federated-credential create\\)");
        assertThat(advised.group(4)).isEqualTo(ServiceAccountToken.AUDIENCE);
        entra.client(advised.group(1)).federate(advised.group(2), advised.group(3));

        allIsWell();
    }

    @Test
    void aFederatedTokenFileThatVanished() throws IOException {
        Path file = withServiceAccountToken();
        entra.client(CLIENT).federate(SUBJECT);
        Files.delete(file);

        Ended ended = check();
        MatchResult advised = advised(
                theOnlyCure(ended, "azure-devops"),
                "mount a token of the pod's service account with the audience (\\S+) there");
        assertThat(advised.group(1)).isEqualTo(ServiceAccountToken.AUDIENCE);
        String there = advised(message(ended, "azure-devops"), "the federated token file (\\S+) can't be read")
                .group(1);
        Files.writeString(Path.of(there), serviceAccountToken());

        allIsWell();
    }

    @Test
    void aTokenFileThatVanished() {
        scene.without("AZP_TOKEN").env("AZP_TOKEN_FILE", directory.resolve("token"));

        Ended ended = check();
        assertThat(theOnlyCure(ended, "azure-devops")).startsWith("make or mend the Secret that holds it");
        String file = advised(message(ended, "azure-devops"), "the token file (\\S+) can't be read: it is not there")
                .group(1);
        write(Path.of(file), scene.azure.token());

        allIsWell();
    }

    @Test
    void aTokenThatIsWrong() {
        scene.env("AZP_TOKEN", "expired");

        MatchResult advised = advised(
                theOnlyCure(check(), "azure-devops"),
                "make a token with the scope «Agent Pools \\(read, manage\\)» for this organization and put it into (AZP_TOKEN) ");
        scene.env(advised.group(1), scene.azure.token());

        allIsWell();
    }

    @Test
    void aTokenWithoutTheScope() {
        AzureDevOpsFault.Handle withoutScope = scene.azure.fail(AzureDevOpsFault.forbidden());

        assertThat(theOnlyCure(check(), "azure-devops"))
                .contains("the role Administrator on the pool (Organization settings, Agent pools, the pool, Security)")
                .contains("the token the scope «Agent Pools (read, manage)»");
        withoutScope.clear();

        allIsWell();
    }

    @Test
    void aFileOfAuthoritiesThatIsNoPem() {
        Path file = directory.resolve("ca.pem");
        write(file, "<html>sign in to download</html>");
        scene.env("REAPER_CA_FILE", file);

        assertThat(failed(check()))
                .singleElement()
                .satisfies(wrong -> assertThat(wrong.path("message").asText())
                        .contains("REAPER_CA_FILE", "blocks that begin with -----BEGIN CERTIFICATE-----"));
        write(file, TestAuthority.create().certificate());

        allIsWell();
    }

    @Test
    void theAddressOfThePoolsPageInThePlaceOfTheOrganizations() {
        scene.env("AZP_URL", scene.azure.url() + "/_settings/agentqueues?queueId=3&view=agents");

        assertThat(failed(check()))
                .singleElement()
                .satisfies(wrong -> scene.env(
                        "AZP_URL",
                        advised(wrong.path("message").asText(), "AZP_URL.* write (\\S+?)[;,.]?( |$)")
                                .group(1)));

        allIsWell();
    }

    @Test
    void thePoolIdOfAnotherOrganization() {
        scene.env("AZP_POOL", "4711");

        assertThat(theOnlyCure(check(), "azure-devops"))
                .startsWith(
                        "set AZP_POOL (in the file: pool) to the name of a pool of the organization that AZP_URL names"
                                + " (Organization settings, Agent pools), or to its id there");
        scene.env("AZP_POOL", "linux");

        allIsWell();
    }

    @Test
    @NeedsApiServer
    void whatGrantsMissingRightsIsSaidInCommandsThatDo(KubernetesApiServer server)
            throws IOException, InterruptedException {
        try (OneShotScene real = new OneShotScene(server)) {
            real.pool.register("agent-online", OneShotScene.OF_A_POD);
            real.env("KUBECONFIG", server.kubeconfigFor(real.namespace, "reaper"));
            Ended before = real.run("check", "--output", "json");
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

            assertThat(failed(real.run("check", "--output", "json")))
                    .noneMatch(check -> check.path("name").asText().equals("kubernetes"));
        }
    }

    @Test
    void anApiVersionThatTheServerDoesNotKnowIsReplacedByTheOneItNames() {
        scene.azure.withApiVersions("6.0", "6.1");

        follow("azure-devops");
    }

    @Test
    void aRoleThatOnlyReadsIsToldOfWithThePageWhereItIsGiven() {
        scene.pool.manageable(false);

        assertThat(theOnlyCure(check(), "role"))
                .contains(scene.azure.url() + "/_settings/agentpools", "the role Administrator");
        scene.pool.manageable(true);

        allIsWell();
    }

    @Test
    void aClockThatIsWrongIsToldOf() {
        AzureDevOpsFault.Handle skewed = scene.azure.fail(AzureDevOpsFault.dateSkewed(Duration.ofHours(1)));

        assertThat(theOnlyCure(check(), "clock")).contains("set the clock");
        skewed.clear();

        allIsWell();
    }

    @Test
    void anAuthorityThatIsNotKnownIsToldOfWithTheVariableThatNamesIt() throws IOException {
        TestAuthority authority = TestAuthority.create();
        try (LoopbackRelay tls = LoopbackRelay.tlsFor(scene.azure.url(), authority.server("127.0.0.1"))) {
            scene.env(
                    "AZP_URL",
                    "https://127.0.0.1:" + tls.port() + scene.azure.url().getPath());
            assertThat(theOnlyCure(check(), "azure-devops")).contains("REAPER_CA_FILE");

            scene.env("REAPER_CA_FILE", Files.writeString(directory.resolve("ca.pem"), authority.certificate()));

            allIsWell();
        }
    }

    @Test
    void podsWhoseAgentsAreNamedOtherwiseAreShownBesideTheAgentsThatHaveNone() {
        scene.running(scene.podNamed("agent-1"), Instant.now().minus(Duration.ofHours(1)));
        scene.pool.register("linux-agent-1", OneShotScene.OF_A_POD);
        scene.env("REAPER_SWEEP_AGENTS", "*agent-*");

        followed(cure(check(), "agents-of-pods"));
    }

    @Test
    void machinesThatASweepWouldTakeAreFoundWithWhatKeepsThem() {
        scene.runsAgent("agent-1");
        scene.env("REAPER_PROTECT", "agent-kept");
        scene.pool.register("agent-kept", Map.of("Agent.Name", "agent-kept"));
        scene.pool.goOffline("agent-kept");
        scene.pool.register("agent-on-a-machine", Map.of("Agent.Name", "agent-on-a-machine"));
        scene.pool.goOffline("agent-on-a-machine");

        follow("sweep-safety");
    }

    @Test
    void agentsThatNoSweepWouldRemoveAreFoundWithAGlobForThem() {
        scene.runsAgent("agent-1");
        scene.env("REAPER_SWEEP_AGENTS", "linux-*");

        follow("sweep-agents");
    }

    @Test
    void agentsThatLackWhatMarksTheirClusterAreFound() {
        scene.runsAgent("agent-1");
        scene.env("REAPER_CAPABILITIES", "CLUSTER=here");

        MatchResult advised =
                advised(theOnlyCure(check(), "capabilities"), "set (\\S+)=(\\S+) in the env of the agents' pods");
        scene.pool.registerReplacing(
                "agent-1",
                Map.of("Agent.Name", "x", "KUBERNETES_SERVICE_HOST", "10.0.0.1", advised.group(1), advised.group(2)));

        allIsWell();
    }

    @Test
    void podsThatLookLikeAgentsAndAreNotSelectedAreFoundWithTheSelectorThatSelectsThem() {
        scene.runsAgent("agent-1");
        for (String name : List.of("agent-big-1", "agent-big-2")) {
            scene.running(scene.agentPod(name).label("app", "big-agent").label("pod-template-hash", name));
            scene.pool.register(name, OneShotScene.OF_A_POD);
        }
        scene.running(KubernetesPod.of(scene.namespace, "web")
                .label("app", "web")
                .node("node-1")
                .env("PORT", "80"));
        scene.running(scene.agentPod("ours").label("app", "agent-reaper").env("REAPER_MODE", "delete"));
        scene.running(scene.agentPod("of-another-pool").label("app", "windows").env("AZP_POOL", "windows"));

        Ended before = check();
        assertThat(failed(before))
                .filteredOn(check -> check.path("name").asText().equals("selector"))
                .singleElement()
                .satisfies(check -> assertThat(check.path("message").asText())
                        .startsWith("2 pods look like agents")
                        .contains("agent-big-1", "agent-big-2")
                        .doesNotContain("web", "ours", "of-another-pool"));
        assertThat(cure(before, "selector")).startsWith("set REAPER_POD_SELECTOR='app in (agent,big-agent)'");

        followed(cure(before, "selector"));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the advice names. */
    private static MatchResult advised(String advice, String pattern) {
        return Pattern.compile(pattern)
                .matcher(advice)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError("no «" + pattern + "» in: " + advice));
    }

    /** One thing is wrong; the variable that its cure names is set so, and then all is well. */
    private void follow(String name) {
        followed(theOnlyCure(check(), name));
    }

    private void followed(String cure) {
        MatchResult advised = advised(cure, ADVISED.pattern());
        scene.env(advised.group(1), advised.group(2));

        allIsWell();
    }

    private void allIsWell() {
        assertThat(failed(check())).isEmpty();
    }

    private Ended check() {
        return scene.run("check", "--output", "json");
    }
}
