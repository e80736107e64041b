package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.complaints;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.linesWith;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.EntraSimulator;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.ServiceAccountToken;
import dev.agentreaper.simulator.SimulatedAgent;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code run}, signed in to Azure DevOps with Microsoft Entra. */
class EntraIT {
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";
    private static final String SECRET = "s3cret~that.is-long_and+odd";

    @TempDir
    Path directory;

    private final Scene<KubernetesSimulator> scene = Scene.simulated();
    private final EntraSimulator entra = EntraSimulator.start();
    private final List<String> serviceAccountTokens = new ArrayList<>();
    private Path file;

    @BeforeEach
    void mountATokenAndFederate() throws IOException {
        scene.azure.connectTo(entra);
        file = directory.resolve("azure-identity-token");
        rotate();
        entra.client(CLIENT).federate("system:serviceaccount:agent-reaper:agent-reaper");
    }

    @AfterEach
    void end() {
        scene.close();
        entra.close();
    }

    @Test
    void aWorkloadIdentityRemovesTheAgentOfAPodThatIsGone() {
        SimulatedAgent agent = scene.runs("a");
        Program program = scene.started(byWorkloadIdentity());

        scene.dies("a");
        scene.awaitRemoved("a");

        scene.awaitIdle();
        assertThat(scene.deletesOf(agent)).hasSize(1);
        assertThat(entra.requests()).hasSize(1);
        assertThat(scene.azure.requests()).hasSize(3).allMatch(request -> comesFrom(request, CLIENT));
        assertThat(complaints(program)).isEmpty();
    }

    @Test
    void aTokenThatIsRevokedIsReplacedByOneRequestWithWhatIsInTheTokenFileByThen() throws IOException {
        SimulatedAgent agent = scene.runs("a");
        Program program = scene.started(byWorkloadIdentity());
        String rotated = rotate();

        entra.revokeTokens();
        scene.dies("a");
        scene.awaitRemoved("a");

        scene.awaitIdle();
        assertThat(scene.deletesOf(agent)).extracting(ReceivedRequest::status).containsExactly(401, 204);
        assertThat(entra.requests()).hasSize(2);
        assertThat(entra.requests().getLast().parameters()).containsEntry("client_assertion", rotated);
        assertThat(complaints(program)).isEmpty();
        assertThat(program.isReady()).isTrue();
    }

    @Test
    void tokensAreRenewedBeforeTheyEnd() {
        // Half of it is the time in which a stall of this machine does no harm.
        entra.tokensLast(Duration.ofSeconds(12));
        Program program =
                scene.started(bySecret(SECRET).env("REAPER_SWEEP_EVERY", "1s").env("REAPER_SWEEP_AGENTS", "none-*"));

        eventually().until(() -> entra.requests().size() >= 3);

        assertThat(scene.azure.requests()).extracting(ReceivedRequest::status).doesNotContain(401);
        assertThat(complaints(program))
                .filteredOn(line -> !line.contains("has no agent,"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tenant        | AADSTS90002   | in Azure DevOps, under Organization settings, Microsoft Entra, copy the tenant's id
            client        | AADSTS700016  | at https://entra.microsoft.com in the tenant
            secret        | AADSTS7000215 | make a new secret
            expired       | AADSTS7000222 | make a new secret
            """)
    void whatIsWrongIsToldOnceWithTheCureAndRunGoesOnWhenItIsMended(String wrong, String code, String cure) {
        Program.Builder configured = bySecret(SECRET);
        switch (wrong) {
            case "tenant" -> configured.env("AZURE_TENANT_ID", "contoso.example");
            case "client" -> entra.delete(entra.client(CLIENT));
            case "expired" -> entra.client(CLIENT).expireSecret(SECRET);
            default -> configured.env("AZURE_CLIENT_SECRET", "wr0ng~secret");
        }

        Program program = scene.start(configured);

        eventually().until(() -> entra.requests().size() >= 3);
        assertThat(program.status("/q/health/live")).isEqualTo(200);
        assertThat(program.status("/q/health/ready")).isEqualTo(503);
        assertThat(program.get("/q/health")).contains(code, cure);
        assertThat(complaints(program))
                .singleElement()
                .asString()
                .contains("pool default: can't sign in to " + scene.azure.url(), code, "What to do: " + cure);
        assertThat(scene.azure.requests()).isEmpty();

        switch (wrong) {
            case "tenant" -> entra.addDomain("contoso.example");
            case "client", "expired" -> entra.client(CLIENT).secret(SECRET);
            default -> entra.client(CLIENT).secret("wr0ng~secret");
        }
        eventually().until(program::isReady);
        eventually()
                .until(() ->
                        linesWith(program, "pool default: works again after ").size() == 1);
        assertThat(complaints(program)).hasSize(1);
    }

    @Test
    void aTokenFileThatComesLateIsWaitedFor() throws IOException {
        Files.delete(file);

        Program program = scene.start(byWorkloadIdentity());

        eventually().until(() -> complaints(program).size() == 1);
        assertThat(complaints(program).getFirst())
                .contains("the federated token file " + file + " can't be read", "AZURE_FEDERATED_TOKEN_FILE");
        rotate();
        eventually().until(program::isReady);
        assertThat(entra.requests()).hasSize(1);
    }

    @Test
    void anIdentityThatAzureDevOpsDoesNotKnowIsToldAndEntraIsNotAskedAgainAndAgain() {
        try (EntraSimulator another = EntraSimulator.start()) {
            scene.azure.connectTo(another);

            Program program = scene.start(byWorkloadIdentity());

            eventually().until(() -> scene.azure.requests().size() >= 4);
            assertThat(entra.requests()).hasSize(2);
            assertThat(complaints(program))
                    .singleElement()
                    .asString()
                    .contains("HTTP 401", "add the identity with the client id " + CLIENT + " to the organization");
        }
    }

    @ParameterizedTest
    @CsvSource({"INFO", "DEBUG"})
    void nothingSecretIsInTheLogOrOnAPage(String level) {
        entra.refuseNext(401, 7000215, "Invalid client secret provided.");
        Program program = scene.started(bySecret(SECRET).env("QUARKUS_LOG_LEVEL", level));
        entra.revokeTokens();
        scene.runs("a");
        scene.dies("a");
        scene.awaitRemoved("a");
        Program other = scene.started(byWorkloadIdentity().env("QUARKUS_LOG_LEVEL", level));
        List<String> pages = Stream.of(program, other)
                .flatMap(each -> Stream.of("/q/metrics", "/q/health").map(each::get))
                .toList();
        for (Program each : List.of(program, other)) {
            each.terminate();
            assertThat(each.exitCode(Duration.ofMinutes(1))).isZero();
        }

        String told = String.join("\n", pages) + String.join("\n", program.log()) + String.join("\n", other.log());
        assertThat(told).contains(level.equals("DEBUG") ? " DEBUG " : " INFO ").doesNotContain(secrets());
    }

    private List<String> secrets() {
        return Stream.of(List.of(SECRET, URLEncoder.encode(SECRET, UTF_8)), serviceAccountTokens, entra.tokens())
                .flatMap(List::stream)
                .toList();
    }

    private Program.Builder byWorkloadIdentity() {
        return scene.configured()
                .without("AZP_TOKEN")
                .env("AZURE_AUTHORITY_HOST", entra.url() + "/")
                .env("AZURE_TENANT_ID", entra.tenant())
                .env("AZURE_CLIENT_ID", CLIENT)
                .env("AZURE_FEDERATED_TOKEN_FILE", file);
    }

    private Program.Builder bySecret(String secret) {
        entra.client(CLIENT).secret(SECRET);
        return byWorkloadIdentity().without("AZURE_FEDERATED_TOKEN_FILE").env("AZURE_CLIENT_SECRET", secret);
    }

    private boolean comesFrom(ReceivedRequest request, String client) {
        return entra.clientOf(request.headers().getOrDefault("Authorization", ""))
                .equals(Optional.of(client));
    }

    /** Puts another token of the service account into the file. */
    private String rotate() throws IOException {
        String token = ServiceAccountToken.of(
                        "agent-reaper", "agent-reaper", Instant.now().plusSeconds(3600))
                .signed();
        serviceAccountTokens.add(token);
        Files.writeString(file, token);
        return token;
    }
}
