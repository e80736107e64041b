package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.EntraSimulator;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.LoopbackRelay;
import dev.agentreaper.simulator.ServiceAccountToken;
import dev.agentreaper.simulator.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That what {@code check} says to do about a fault mends it, done word for word as it is printed. What pods and agents show has
 * its like in {@link CheckIT}.
 */
class CheckAdviceIT {
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";
    private static final String ANOTHER_CLIENT = "c11e47ab-0000-4000-8000-000000000002";
    private static final String SECRET = "s3cret~of-the.application";
    private static final String NEW_SECRET = "n3w~secret-of-the.application";
    private static final String NEW_TOKEN = "simulator1token1".repeat(6).substring(0, 84);
    private static final String SERVICE_ACCOUNT = "system:serviceaccount:agent-reaper:agent-reaper";
    private static final String SAY_NO =
            "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>No</html>";
    private static final String SHOW_A_PAGE =
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>No</html>";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);
    private final EntraSimulator entra = EntraSimulator.start();
    private final TestAuthority authority = TestAuthority.create();
    private final List<LoopbackRelay> relays = new ArrayList<>();

    @AfterEach
    void close() {
        relays.forEach(LoopbackRelay::close);
        entra.close();
        scene.close();
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AZURE_TENANT_ID     | contoso.example            | there is no tenant contoso.example
            AZURE_CLIENT_ID     | c11e47ab-0000-4000-8000-000000000002 | has no client c11e47ab-0000-4000-8000-000000000002
            AZURE_CLIENT_SECRET | wr0ng~secret               | the client secret is wrong
            AZURE_CLIENT_SECRET | s3cret~of-the.application  | the client secret has expired
            """)
    void whatEntraRefuses(String variable, String wrong, String toldInWords) {
        bySecret().env(variable, wrong);
        if (wrong.equals(SECRET)) {
            entra.client(CLIENT).expireSecret(SECRET);
        }

        JsonNode told = theOnly(scene.check(), "azure-devops");

        assertThat(told.path("message").asText()).contains(toldInWords + ". HTTP 40", ": AADSTS");
        follow(told, follower());
        isWell();
    }

    @Test
    void aFederatedTokenFileThatVanishes() {
        entra.client(CLIENT).federate(SERVICE_ACCOUNT);
        bySecret()
                .without("AZURE_CLIENT_SECRET")
                .env("AZURE_FEDERATED_TOKEN_FILE", directory.resolve("azure-identity-token"));

        follow(theOnly(scene.check(), "azure-devops"), follower());
        isWell();
    }

    @ParameterizedTest
    @ValueSource(strings = {"can't be read: it is not there", "is empty"})
    void aTokenFileThatVanishesOrIsEmpty(String wrong) throws IOException {
        Path file = directory.resolve("token");
        if (wrong.equals("is empty")) {
            Files.createFile(file);
        }
        scene.without("AZP_TOKEN").env("AZP_TOKEN_FILE", file);

        JsonNode told = theOnly(scene.check(), "azure-devops");

        assertThat(told.path("message").asText()).contains("the token file " + file + " " + wrong);
        follow(told, follower());
        isWell();
    }

    @Test
    void aTokenWithoutTheScopeAndThenAnOwnerWithoutAnyRole() {
        AzureDevOpsFault.Handle noRole =
                scene.azure.fail(AzureDevOpsFault.forbidden(), AzureDevOpsOperation.LIST_AGENTS);
        AzureDevOpsFault.Handle noScope = scene.azure.fail(AzureDevOpsFault.unauthorized());
        AdviceFollower somebody = follower();
        somebody.on(
                        "make a token with the scope «Agent Pools (read, manage)» at {}/_usersSettings/tokens (New Token, Show all"
                                + " scopes)",
                        said -> {
                            assertThat(said.group(1))
                                    .isEqualTo(scene.azure.url().toString());
                            scene.azure.acceptToken(NEW_TOKEN);
                            noScope.clear();
                            somebody.copy(NEW_TOKEN);
                        })
                .leave("the present one is wrong, expired, of another organization or without that scope")
                .on(
                        "at {}/_settings/agentpools open the pool, then Security, Add, and give the token's owner the role"
                                + " Administrator on the pool",
                        said -> {
                            assertThat(said.group(1))
                                    .isEqualTo(scene.azure.url().toString());
                            noRole.clear();
                        })
                .leave("the token, at " + scene.azure.url()
                        + "/_usersSettings/tokens, the scope «Agent Pools (read, manage)»");

        follow(theOnly(scene.check(), "azure-devops"), somebody);
        follow(theOnly(scene.check(), "azure-devops"), somebody);
        isWell();
    }

    @Test
    void anOwnerWhoMayOnlyRead() {
        scene.pool.manageable(false);

        follow(theOnly(scene.check(), "role"), follower());
        isWell();
    }

    @Test
    void aProxyThatAnswersWithAPage() {
        LoopbackRelay proxy = behind("devops.nowhere.test", SHOW_A_PAGE);
        scene.env("REAPER_CA_FILE", write("ca.pem", authority.certificate()))
                .env(
                        "AZP_URL",
                        "https://devops.nowhere.test" + scene.azure.url().getPath());

        follow(
                theOnly(scene.check(), "azure-devops"),
                follower()
                        .on(
                                "ask whoever runs the proxy http://127.0.0.1:" + proxy.port()
                                        + " to let this machine through to {}",
                                said -> proxy.letThrough(said.group(1)))
                        .leave(
                                "Where it is reached without a proxy, add it to the comma list NO_PROXY, as in NO_PROXY={}"));
        isWell();
    }

    @Test
    void thePageOfAPoolAnAuthorityThatIsMissingAndAProxyThatForbidsIt() {
        LoopbackRelay proxy = behind("dev.azure.com", SAY_NO);
        scene.env("REAPER_CA_FILE", directory.resolve("not-there.pem"))
                .env("AZP_URL", "https://dev.azure.com/fabrikam/_settings/agentqueues?queueId=9&view=agents");

        List<JsonNode> told = scene.check().failedChecks();
        assertThat(told)
                .hasSize(2)
                .allMatch(check -> check.path("name").asText().equals("configuration"));
        told.forEach(check -> follow(check, follower()));

        JsonNode forbidden = theOnly(scene.check(), "azure-devops");
        assertThat(forbidden.path("message").asText())
                .contains("(the proxy does not let us through: 403 Forbidden)")
                .doesNotContain("=>");
        follow(
                forbidden,
                follower()
                        .on(
                                "ask whoever runs the proxy http://127.0.0.1:" + proxy.port()
                                        + " to let this machine through to {}",
                                said -> proxy.letThrough(said.group(1)))
                        .leave(
                                "Where it is reached without a proxy, add it to the comma list NO_PROXY, as in NO_PROXY={}"));
        isWell();
    }

    @Test
    void thePageOfPoolsOfAServerAndAFileThatIsNoCertificate() {
        scene.azure.withBasePath("/tfs/Our Agents");
        scene.env("REAPER_CA_FILE", write("ca.pem", "this is no certificate"))
                .env("AZP_URL", scene.azure.url() + "/_admin/_AgentPool?poolId=1&_a=agents");

        List<JsonNode> told = scene.check().failedChecks();
        assertThat(told).hasSize(2);
        told.forEach(check -> follow(check, follower()));
        isWell();
    }

    @Test
    void anAuthorityThatIsNotKnown() {
        LoopbackRelay tls = add(LoopbackRelay.tlsFor(scene.azure.url(), authority.server("127.0.0.1")));
        scene.env(
                "AZP_URL", "https://127.0.0.1:" + tls.port() + scene.azure.url().getPath());

        follow(theOnly(scene.check(), "azure-devops"), follower());
        isWell();
    }

    @Test
    void thePoolsIdOfAnotherOrganizationThatIsNotHere() {
        scene.env("AZP_POOL", "12345");

        follow(theOnly(scene.check(), "azure-devops"), follower());
        isWell();
    }

    @Test
    void thePoolsIdOfAnotherOrganizationThatIsAnotherPoolHere() {
        scene.azure.pool("windows").register("win-1", OneShotScene.OF_A_POD);
        scene.azure.pool("macos");
        scene.azure.pool("elastic").options("elasticPool");
        scene.running(scene.podNamed("agent-1"), Instant.now().minus(Duration.ofHours(1)));
        scene.pool.register("agent-1", OneShotScene.OF_A_POD);
        scene.env("AZP_POOL", scene.azure.pool("windows").id()).env("REAPER_SWEEP_AGENTS", "agent-*");

        follow(
                theOnly(scene.check(), "agents-of-pods"),
                follower()
                        .on(
                                "AZP_POOL is the pool «windows» here (each organization has ids of its own): where the agents' pods"
                                        + " have another as their own AZP_POOL, set AZP_POOL (in the file, pool) to that of these pools that"
                                        + " the agents' pods have as their own AZP_POOL: linux, macos; as in AZP_POOL='linux'",
                                said -> scene.env("AZP_POOL", "linux"))
                        .leave(
                                "Where they have this one, see the logs of the pods for why their agents do not register in this pool; or,"
                                        + " where they do, set REAPER_AGENT_NAME (in the file, agent-name) to how they are named, or"
                                        + " AZP_AGENT_NAME in the env of the pods where an envFrom brings it, which is not read (the pool has,"
                                        + " without a pod: win-1)"));
        isWell();
    }

    @Test
    void aClockThatIsWrong() {
        AzureDevOpsFault.Handle skew = scene.azure.fail(AzureDevOpsFault.dateSkewed(Duration.ofHours(1)));

        follow(
                theOnly(scene.check(), "clock"),
                follower()
                        .on(
                                "set the clock of this machine (of a pod: of its node), as by: sudo timedatectl set-ntp true",
                                said -> skew.clear())
                        .leave("Until then sweeps go by the earlier of the two"));
        isWell();
    }

    @Test
    void twoClustersInOnePool() {
        scene.running(scene.podNamed("agent-1"));
        scene.pool.register("agent-1", OneShotScene.OF_A_POD);
        scene.pool.register("agent-of-another-cluster", OneShotScene.OF_A_POD);

        follow(
                theOnly(scene.check(), "sweep-safety"),
                follower()
                        .leave("where their pods have just gone, wait")
                        .on(
                                "where another cluster uses this pool too, add a variable that no other cluster has to the env of the"
                                        + " containers of this one's agent pods, as {}={}, and when all of these have started anew,",
                                said -> {
                                    cluster.delete(scene.namespace, "agent-1");
                                    scene.running(scene.podNamed("agent-1").env(said.group(1), said.group(2)));
                                    Map<String, String> published = new TreeMap<>(OneShotScene.OF_A_POD);
                                    published.put(said.group(1), said.group(2));
                                    scene.pool.registerReplacing("agent-1", published);
                                })
                        .leave(
                                "where they run elsewhere under other names, narrow REAPER_SWEEP_AGENTS (in the file, sweep.agents)"));
        isWell();
    }

    /** What is wrong with one of several pools keeps no other from being tried, and all is said of it in the file's own names. */
    @Test
    void allPoolsOfAFileAreTriedAtOnceAndMendedInTheFile() throws IOException {
        entra.client(CLIENT).secret(SECRET).federate(SERVICE_ACCOUNT);
        PoolsFile file = new PoolsFile();
        file.pool("client", Map.of("client-id", ANOTHER_CLIENT, "client-secret", SECRET));
        file.pool("secret", Map.of("client-secret", "wr0ng~secret"));
        file.pool("tenant", Map.of("tenant-id", "contoso.example", "client-secret", SECRET));
        file.pool("federated", Map.of("federated-token-file", directory.resolve("azure-identity-token")));
        file.pool("token", Map.of())
                .put("token-file", directory.resolve("token").toString());
        file.pool("page", Map.of()).put("url", scene.organization("page").url() + "/_settings/agentpools?poolId=1");
        file.pool("unknown", Map.of()).put("pool", "12345");
        file.pool("version", Map.of());
        scene.organization("version").withApiVersions("7.0", "7.0");
        file.pool("role", Map.of());
        scene.pool("role").manageable(false);
        file.write();

        List<JsonNode> told = scene.check().failedChecks();
        assertThat(told).hasSize(9);
        for (JsonNode each : told) {
            String pool =
                    each.path("pool").isNull() ? "page" : each.path("pool").asText();
            follow(each, file.follower(pool));
        }
        file.write();
        isWell();
    }

    /** Does what is said in the environment, at the scene's own organization. */
    private AdviceFollower follower() {
        return table(new AdviceFollower((variable, yaml, value) -> scene.env(variable, value)), scene.azure);
    }

    /** What a person does outside the settings, sentence by sentence. */
    private AdviceFollower table(AdviceFollower somebody, AzureDevOpsSimulator organization) {
        return somebody.on(
                        "in Azure DevOps, under Organization settings, Microsoft Entra, copy the tenant's id",
                        said -> somebody.copy(entra.tenant()))
                .on(
                        "Where that is {}: set AZURE_AUTHORITY_HOST to its cloud's address (in the file, entra.authority-host), as in"
                                + " AZURE_AUTHORITY_HOST={}",
                        said -> assertThat(said.group(1)).isNotEqualTo(somebody.copied()))
                .on(
                        "at https://entra.microsoft.com in the tenant {}, under App registrations, All applications, open the application"
                                + " and copy its Application (client) ID (of a managed identity: at https://portal.azure.com, Managed"
                                + " Identities, its Client ID)",
                        said -> somebody.copy(said.group(1).equals(entra.tenant()) ? CLIENT : "not there"))
                .on(
                        "Where it is there as {}: in Azure DevOps, under Organization settings, Microsoft Entra, copy the tenant's id; set"
                                + " AZURE_TENANT_ID to it (in the file, entra.tenant-id), as in AZURE_TENANT_ID={}",
                        said -> assertThat(said.group(1)).isNotEqualTo(CLIENT))
                .on(
                        "make a new secret: at https://entra.microsoft.com, under App registrations, All applications, open the application"
                                + " with the client ID {}, Certificates & secrets, New client secret, and copy its Value, which is not the"
                                + " secret's id (or: az ad app credential reset --append --id {} --query password --output tsv)",
                        said -> {
                            entra.client(said.group(1)).secret(NEW_SECRET);
                            somebody.copy(NEW_SECRET);
                        })
                .on(
                        "mount a token of the pod's service account with the audience {} at {}, as the component workload-identity does,"
                                + " and AKS for pods with the label azure.workload.identity/use: \"true\"",
                        said -> Files.writeString(
                                Path.of(said.group(2)),
                                new ServiceAccountToken(
                                                ServiceAccountToken.ISSUER,
                                                SERVICE_ACCOUNT,
                                                said.group(1),
                                                Instant.now().plusSeconds(3600))
                                        .signed()))
                .leave("it is read again")
                .leave("Where it is mounted elsewhere, set AZURE_FEDERATED_TOKEN_FILE to its path (in the file,"
                        + " entra.federated-token-file), as in AZURE_FEDERATED_TOKEN_FILE={}")
                .leave(
                        "make or mend the Secret that is mounted there, as by kubectl -n agent-reaper create secret generic azure-devops"
                                + " --from-literal=token=TOKEN")
                .on(
                        "where it is no Secret, write a token to {}",
                        said -> Files.writeString(Path.of(said.group(1)), organization.token()))
                .leave("Where the token is elsewhere, set AZP_TOKEN_FILE to its path (in the file, token-file), as in"
                        + " AZP_TOKEN_FILE={}")
                .on(
                        "at {}/_settings/agentpools open the pool «{}», then Security, Add, and give whoever signs in the role"
                                + " Administrator (the token's owner, or the Entra identity)",
                        said -> {
                            assertThat(said.group(1))
                                    .isEqualTo(organization.url().toString());
                            organization.pool(said.group(2)).manageable(true);
                        })
                .leave("a token needs the scope «Agent Pools (read, manage)» besides")
                .on(
                        "write the certificate of the authority as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, to"
                                + " {}, or set REAPER_CA_FILE (in the file, reaper.ca-file) to the path where it is. For example:"
                                + " REAPER_CA_FILE={}",
                        said -> Files.writeString(Path.of(said.group(1)), authority.certificate()))
                .on(
                        "write the certificate of the authority that has signed what 127.0.0.1 shows to a file, as PEM (openssl s_client"
                                + " -showcerts -connect {} shows what it shows)",
                        said -> somebody.copy(
                                write("copied.pem", authority.certificate()).toString()))
                .leave("it is 7.1 now");
    }

    private JsonNode theOnly(Ended ended, String name) {
        List<JsonNode> failed = ended.failedChecks();
        assertThat(failed).as("%s", ended).hasSize(1);
        assertThat(failed.getFirst().path("name").asText()).as("%s", ended).isEqualTo(name);
        return failed.getFirst();
    }

    private static void follow(JsonNode told, AdviceFollower somebody) {
        somebody.follow(told.path("cure").asText());
    }

    private void isWell() {
        Ended ended = scene.check();
        assertThat(ended.failedChecks()).as("%s", ended).isEmpty();
        assertThat(ended.exitCode()).isZero();
    }

    private OneShotScene bySecret() {
        entra.client(CLIENT).secret(SECRET);
        scene.azure.connectTo(entra);
        return scene.without("AZP_TOKEN")
                .env("AZURE_AUTHORITY_HOST", entra.url())
                .env("AZURE_TENANT_ID", entra.tenant())
                .env("AZURE_CLIENT_ID", CLIENT)
                .env("AZURE_CLIENT_SECRET", SECRET);
    }

    /** Puts the organization behind TLS, under this name, and a proxy that says this to everybody. */
    private LoopbackRelay behind(String host, String answer) {
        LoopbackRelay tls = add(LoopbackRelay.tlsFor(scene.azure.url(), authority.server(host)));
        LoopbackRelay proxy =
                add(LoopbackRelay.proxyThatAnswers(answer, URI.create("https://127.0.0.1:" + tls.port())));
        scene.env("HTTPS_PROXY", "http://127.0.0.1:" + proxy.port());
        return proxy;
    }

    private LoopbackRelay add(LoopbackRelay relay) {
        relays.add(relay);
        return relay;
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file with the settings of each pool; the rest is in the environment. */
    private final class PoolsFile {
        private final Map<String, ObjectNode> pools = new TreeMap<>();

        /** @param ofEntra what it signs in with; nothing for the token of the environment */
        ObjectNode pool(String name, Map<String, Object> ofEntra) {
            AzureDevOpsSimulator organization = scene.inFile(name);
            organization.connectTo(entra);
            ObjectNode pool = JSON.createObjectNode()
                    .put("url", organization.url().toString())
                    .put("namespaces", name);
            if (!ofEntra.isEmpty()) {
                ObjectNode section = pool.putObject("entra")
                        .put("authority-host", entra.url().toString())
                        .put("tenant-id", entra.tenant())
                        .put("client-id", CLIENT);
                ofEntra.forEach((key, value) -> section.put(key, value.toString()));
            }
            pools.put(name, pool);
            return pool;
        }

        AdviceFollower follower(String pool) {
            return table(
                    new AdviceFollower((variable, yaml, value) -> set(pool, yaml, value)), scene.organization(pool));
        }

        private void set(String pool, String yaml, String value) {
            ObjectNode settings = Objects.requireNonNull(pools.get(pool));
            int dot = yaml.indexOf('.');
            if (dot < 0) {
                settings.put(yaml, value);
            } else {
                settings.withObject("/" + yaml.substring(0, dot)).put(yaml.substring(dot + 1), value);
            }
        }

        void write() {
            ObjectNode root = JSON.createObjectNode();
            ObjectNode all = root.putObject("reaper").putObject("pools");
            all.setAll(pools);
            scene.file(root.toString());
        }
    }
}
