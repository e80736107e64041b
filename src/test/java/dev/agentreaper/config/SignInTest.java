package dev.agentreaper.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.azure.signin.EntraIdentity.ClientSecret;
import dev.agentreaper.azure.signin.EntraIdentity.ManagedIdentity;
import dev.agentreaper.azure.signin.EntraIdentity.WorkloadIdentity;
import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.azure.signin.SignIn;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** By what a pool signs in. */
class SignInTest {
    private static final URI AUTHORITY = URI.create("https://login.microsoftonline.com");
    private static final String TENANT = "7e4a47ab-0000-4000-8000-000000000001";
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";
    private static final String OTHER = "c11e47ab-0000-4000-8000-000000000002";
    private static final String FILE = "/var/run/secrets/azure/tokens/azure-identity-token";

    private final Configuration entra = Configuration.entra();

    @Test
    void aSecretSignsIn() throws ConfigurationException {
        assertThat(signIn(entra)).isEqualTo(new ClientSecret(AUTHORITY, TENANT, CLIENT, "s3cret~value"));
    }

    @Test
    void aFederatedTokenSignsInBeforeASecret() throws ConfigurationException {
        entra.set("AZURE_FEDERATED_TOKEN_FILE", FILE).set("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.us/");

        assertThat(signIn(entra))
                .isEqualTo(new WorkloadIdentity(
                        URI.create("https://login.microsoftonline.us"), TENANT, CLIENT, Path.of(FILE)));
        assertThat(entra.warnings()).isEmpty();
    }

    @Test
    void aClientIdAloneIsAManagedIdentityOfTheMachine() throws ConfigurationException {
        entra.without("AZURE_TENANT_ID", "AZURE_CLIENT_SECRET").set("AZURE_AUTHORITY_HOST", "https://elsewhere");
        assertThat(signIn(entra)).isEqualTo(new ManagedIdentity(URI.create("http://169.254.169.254"), CLIENT));

        entra.set("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9/");
        assertThat(signIn(entra)).isEqualTo(new ManagedIdentity(URI.create("http://127.0.0.1:9"), CLIENT));
        assertThat(entra.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"contoso.com", "contoso.onmicrosoft.com", "7E4A47AB-0000-4000-8000-00000000000F"})
    void aTenantIsKnownByItsIdOrADomain(String tenant) throws ConfigurationException {
        assertThat(entra.set("AZURE_TENANT_ID", tenant).faults()).isEmpty();
    }

    /** AKS sets them in every pod that asks for a workload identity. */
    @Test
    void aPersonalAccessTokenGoesBeforeWhatAksSetsAndNothingIsSaidOfThat() throws ConfigurationException {
        entra.set("AZP_TOKEN", "pat")
                .set("AZURE_FEDERATED_TOKEN_FILE", "nonsense")
                .set("AZURE_CLIENT_ID", "nonsense")
                .set("AZURE_AUTHORITY_HOST", "nonsense ");

        assertThat(signIn(entra)).isEqualTo(new PersonalAccessToken.Given("pat"));
        assertThat(entra.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AZURE_CLIENT_ID      | AZURE_CLIENT_ID is missing
            AZURE_TENANT_ID      | AZURE_TENANT_ID is missing: only a managed identity of the machine does without
            AZURE_CLIENT_SECRET  | AZURE_FEDERATED_TOKEN_FILE is missing, and so is AZURE_CLIENT_SECRET; for a managed identity
            """)
    void whatIsMissingIsToldWithAnExample(String missing, String fault) {
        assertThat(entra.without(missing).faults())
                .singleElement()
                .asString()
                .startsWith(fault)
                .contains("For example: AZURE_")
                .doesNotContain("s3cret");
    }

    @Test
    void whereNothingIsGivenBothWaysAreNamed() {
        entra.without("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
                .set("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/");

        assertThat(entra.faults())
                .singleElement()
                .asString()
                .startsWith(
                        "AZP_TOKEN_FILE is missing, and so are AZP_TOKEN and, for Microsoft Entra, AZURE_CLIENT_ID");
    }

    @Test
    void anAuthorityThatIsAskedWithoutEncryptionIsWarnedOfOnceUnlessItIsHere() throws ConfigurationException {
        assertThat(entra.set("AZURE_AUTHORITY_HOST", "http://localhost:8081").warnings())
                .isEmpty();
        assertThat(entra.set("AZURE_AUTHORITY_HOST", "http://login.example").warnings())
                .singleElement()
                .asString()
                .contains("AZURE_AUTHORITY_HOST", "login.example", "https");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            entra: { client-id: %2$s }                               | AZP_TOKEN | workload %2$s %3$s
            entra: { federated-token-file: /own }                    | AZP_TOKEN | workload %1$s /own
            entra: { client-secret: own }                            |           | secret %1$s own
            entra: { client-secret: own, federated-token-file: /own} |           | workload %1$s /own
            entra: { authority-host: "https://x" }                   | AZP_TOKEN | pat inherited
            token: own                                               |           | pat own
            token: own, entra: { client-id: %2$s }                   | AZP_TOKEN | pat own
            pool: linux                                              | AZP_TOKEN | pat inherited
            pool: linux                                              |           | workload %1$s %3$s
            """)
    void aPoolsOwnSignInOfEitherKindGoesBeforeAnInheritedOne(String own, String inherited, String taken)
            throws ConfigurationException {
        entra.set("AZURE_FEDERATED_TOKEN_FILE", FILE)
                .file("reaper: { pools: { a: { %s } } }".formatted(own.formatted(CLIENT, OTHER)));
        if (inherited != null) {
            entra.set(inherited, "inherited");
        }

        assertThat(told(signIn(entra))).isEqualTo(taken.formatted(CLIENT, OTHER, FILE));
    }

    @Test
    void whatIsMissingInTheFileIsToldAsItIsWrittenThere() {
        assertThat(Configuration.required()
                        .file("reaper: { pools: { a: { entra: { client-secret: s3cret } } } }")
                        .missing(SettingsReader.Purpose.RUN))
                .containsExactly("reaper.pools.a.entra.client-id", "reaper.pools.a.entra.tenant-id");
    }

    private static String told(SignIn signIn) {
        return switch (signIn) {
            case PersonalAccessToken.Given(String token) -> "pat " + token;
            case PersonalAccessToken.InFile(Path file) -> "pat " + file;
            case WorkloadIdentity(URI _, String _, String client, Path file) -> "workload " + client + " " + file;
            case ClientSecret(URI _, String _, String client, String secret) -> "secret " + client + " " + secret;
            case ManagedIdentity(URI _, String client) -> "managed " + client;
        };
    }

    private static SignIn signIn(Configuration configuration) throws ConfigurationException {
        return configuration.read().pools().getFirst().signIn();
    }
}
