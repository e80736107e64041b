package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.EntraSimulator;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.ServerCertificate;
import dev.agentreaper.simulator.ServiceAccountToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sweep} and {@code plan}, signed in to Azure DevOps with Microsoft Entra. */
class EntraSweepIT {
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";
    private static final String ON_MACHINE = "c11e47ab-0000-4000-8000-000000000002";
    private static final String FEDERATED = "c11e47ab-0000-4000-8000-000000000003";

    @TempDir
    Path directory;

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);
    private final EntraSimulator entra = EntraSimulator.start();

    EntraSweepIT() {
        entra.client(CLIENT).secret("s3cret~value");
        entra.client(ON_MACHINE).onMachine(true);
        entra.client(FEDERATED).federate("system:serviceaccount:ci:reaper");
        scene.azure.connectTo(entra);
        scene.env("AZURE_AUTHORITY_HOST", entra.url()).env("AZURE_POD_IDENTITY_AUTHORITY_HOST", entra.url());
        OneShotScene.straggler(scene.pool, "agent-1");
        scene.pool.register("agent-online", Map.of());
    }

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
        entra.close();
    }

    @Test
    void aSweepSignsInByASecret() {
        scene.without("AZP_TOKEN")
                .env("AZURE_TENANT_ID", entra.tenant())
                .env("AZURE_CLIENT_ID", CLIENT)
                .env("AZURE_CLIENT_SECRET", "s3cret~value");

        Ended ended = scene.run("sweep");

        assertThat(ended.exitCode()).isZero();
        assertThat(OneShotScene.names(scene.pool)).containsExactly("agent-online");
        assertThat(signedIn(scene.azure)).containsExactly(Optional.of(CLIENT));
        assertThat(entra.requests()).hasSize(1);
        assertThat(ended.warnings()).isEmpty();
    }

    @Test
    void aClientIdAloneSignsInAsTheMachinesManagedIdentity() {
        scene.without("AZP_TOKEN").env("AZURE_CLIENT_ID", ON_MACHINE);

        Ended ended = scene.run("plan", "--output", "json");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.verdicts()).containsEntry("agent-1", "REMOVE null");
        assertThat(signedIn(scene.azure)).containsExactly(Optional.of(ON_MACHINE));
        assertThat(entra.requests()).hasSize(1);
    }

    @Test
    void whereThereIsNoMetadataServiceThatIsTold() {
        entra.refuseConnections();
        scene.without("AZP_TOKEN").env("AZURE_CLIENT_ID", ON_MACHINE);

        Ended ended = scene.run("plan", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.pool("default").path("error").asText())
                .contains("can't sign in to " + scene.azure.url(), "What to do: this is no Azure machine");
    }

    @Test
    void aPersonalAccessTokenGoesBeforeWhatAksSets() {
        scene.env("AZURE_TENANT_ID", entra.tenant())
                .env("AZURE_CLIENT_ID", FEDERATED)
                .env("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/azure/tokens/azure-identity-token");

        Ended ended = scene.run("sweep");

        assertThat(ended.exitCode()).isZero();
        assertThat(entra.requests()).isEmpty();
        assertThat(ended.warnings()).isEmpty();
    }

    @Test
    void theCertificatesOfTheCaFileAreTrustedForEntraToo() throws IOException, InterruptedException {
        ServerCertificate certificate = ServerCertificate.make(directory);
        Path trusted = Files.writeString(directory.resolve("ca.pem"), certificate.pem());
        try (EntraSimulator encrypted = EntraSimulator.start(certificate)) {
            encrypted.client(CLIENT).secret("s3cret~value");
            scene.azure.connectTo(encrypted);
            scene.without("AZP_TOKEN")
                    .env("AZURE_AUTHORITY_HOST", encrypted.url())
                    .env("AZURE_TENANT_ID", encrypted.tenant())
                    .env("AZURE_CLIENT_ID", CLIENT)
                    .env("AZURE_CLIENT_SECRET", "s3cret~value");

            Ended untrusting = scene.run("plan", "--output", "json");
            assertThat(untrusting.exitCode()).isEqualTo(1);
            assertThat(untrusting.pool("default").path("error").asText())
                    .contains("no usable answer from " + encrypted.url(), "certificate");
            assertThat(encrypted.requests()).isEmpty();

            Ended trusting = scene.env("REAPER_CA_FILE", trusted).run("plan", "--output", "json");
            assertThat(trusting.exitCode()).isZero();
            assertThat(trusting.verdicts()).containsEntry("agent-1", "REMOVE null");
        }
    }

    @Test
    void eachPoolOfTheFileSignsInInItsOwnWay() throws IOException {
        Path file = Files.writeString(
                directory.resolve("token"),
                ServiceAccountToken.of("ci", "reaper", Instant.now().plusSeconds(600))
                        .signed());
        scene.env("AZURE_TENANT_ID", entra.tenant());
        List<AzureDevOpsSimulator> organizations = List.of(
                scene.inFile("inherited"),
                scene.inFile("by-secret", "entra: {client-id: %s, client-secret: s3cret~value}".formatted(CLIENT)),
                scene.inFile(
                        "by-workload", "entra: {client-id: %s, federated-token-file: %s}".formatted(FEDERATED, file)),
                scene.inFile("by-token", "token: own"),
                scene.inFile("by-secret-too", "entra: {client-id: %s, client-secret: s3cret~value}".formatted(CLIENT)),
                scene.inFile("wrong", "entra: {client-id: %s, client-secret: wr0ng}".formatted(CLIENT)));
        organizations.forEach(organization -> {
            organization.connectTo(entra);
            OneShotScene.straggler(organization.pool("linux"), "agent-1");
        });
        organizations.get(3).acceptToken("own");

        Ended ended = scene.run("sweep", "--output", "json");

        assertThat(organizations)
                .extracting(EntraSweepIT.this::signedIn)
                .containsExactly(
                        List.of(Optional.empty()),
                        List.of(Optional.of(CLIENT)),
                        List.of(Optional.of(FEDERATED)),
                        List.of(Optional.empty()),
                        List.of(Optional.of(CLIENT)),
                        List.of());
        assertThat(organizations.subList(0, 5))
                .allSatisfy(organization ->
                        assertThat(organization.pool("linux").agents()).isEmpty());
        assertThat(entra.requests()).as("one for each sign-in").hasSize(3);
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.pool("wrong").path("error").asText()).contains("AADSTS7000215");
        assertThat(OneShotScene.names(scene.pool("wrong"))).containsExactly("agent-1");
    }

    /** Who was seen to sign in; nobody for a personal access token. */
    private List<Optional<String>> signedIn(AzureDevOpsSimulator organization) {
        return organization.requests().stream()
                .map(request -> entra.clientOf(request.headers().getOrDefault("Authorization", "")))
                .distinct()
                .toList();
    }
}
