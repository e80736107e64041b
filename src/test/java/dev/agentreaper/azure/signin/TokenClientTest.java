package dev.agentreaper.azure.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentreaper.MutableClock;
import dev.agentreaper.azure.signin.EntraIdentity.ClientSecret;
import dev.agentreaper.azure.signin.EntraIdentity.ManagedIdentity;
import dev.agentreaper.azure.signin.EntraIdentity.WorkloadIdentity;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.simulator.EntraSimulator;
import dev.agentreaper.simulator.EntraSimulator.Standing;
import dev.agentreaper.simulator.EntraSimulator.TokenRequest;
import dev.agentreaper.simulator.ServiceAccountToken;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked for to get a token, and what an operator gets to know where none comes. */
@QuarkusTest
class TokenClientTest {
    private static final Proxies NO_PROXIES = new Proxies(Map.of());
    private static final String USER_AGENT = "agent-reaper/1.2.3";
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";
    private static final String SUBJECT = "system:serviceaccount:agent-reaper:agent-reaper";

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock();
    private final EntraSimulator entra = EntraSimulator.start(clock);
    private Path file;

    @BeforeEach
    void mountTheToken() {
        file = directory.resolve("token");
        write(serviceAccountToken().signed() + "\n");
        entra.client(CLIENT).secret("s3cret").federate(SUBJECT).onMachine(true);
    }

    @AfterEach
    void close() {
        entra.close();
    }

    @Test
    void aSecretIsSentAsTheClientCredentialsFlowHasIt() throws Exception {
        AccessToken token = client(bySecret("s3cret")).ask();

        assertThat(entra.standing(token.value())).isEqualTo(Standing.VALID);
        assertThat(token.end()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
        TokenRequest request = entra.requests().getLast();
        assertThat(request.path()).isEqualTo("/" + entra.tenant() + "/oauth2/v2.0/token");
        assertThat(request.headers()).containsEntry("User-Agent", USER_AGENT);
        assertThat(request.parameters())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "grant_type", "client_credentials",
                        "client_id", CLIENT,
                        "scope", "499b84ac-1321-427f-aa17-267ca6975798/.default",
                        "client_secret", "s3cret"));
    }

    @Test
    void theTokenOfTheServiceAccountIsReadAnewForEachRequest() throws Exception {
        TokenClient client = client(byFile());
        client.ask();
        String other = serviceAccountToken().signed();
        write(other);

        client.ask();

        assertThat(entra.requests()).hasSize(2);
        assertThat(entra.requests().getLast().parameters())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "grant_type", "client_credentials",
                        "client_id", CLIENT,
                        "scope", "499b84ac-1321-427f-aa17-267ca6975798/.default",
                        "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        "client_assertion", other));
    }

    @Test
    void theMetadataServiceIsAskedWithoutAProxyAndEntraThroughIt() throws Exception {
        Proxies proxies = new Proxies(
                Map.of("HTTP_PROXY", "http://127.0.0.1:" + entra.url().getPort()));
        URI elsewhere = URI.create("http://entra.nowhere.test");

        TokenClient machine = new TokenClient(new ManagedIdentity(elsewhere, CLIENT), null, proxies, USER_AGENT, clock);
        assertThatExceptionOfType(TokenRequestException.class)
                .isThrownBy(machine::ask)
                .withMessageNotContaining("the proxy");
        assertThat(entra.requests()).isEmpty();

        var identity = new ClientSecret(elsewhere, entra.tenant(), CLIENT, "s3cret");
        AccessToken token = new TokenClient(identity, null, proxies, USER_AGENT, clock).ask();
        assertThat(entra.standing(token.value())).isEqualTo(Standing.VALID);
    }

    @Test
    void theMetadataServiceIsAskedAsItIsFromTheMachineItself() throws Exception {
        entra.tokensLast(Duration.ofHours(24));

        AccessToken token = client(byMachine()).ask();

        assertThat(entra.standing(token.value())).isEqualTo(Standing.VALID);
        assertThat(token.end()).isEqualTo(clock.instant().plus(Duration.ofHours(24)));
        TokenRequest request = entra.requests().getLast();
        assertThat(request.path()).isEqualTo("/metadata/identity/oauth2/token");
        assertThat(request.headers()).containsEntry("Metadata", "true");
        assertThat(request.parameters())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "api-version", "2018-02-01",
                        "resource", "499b84ac-1321-427f-aa17-267ca6975798",
                        "client_id", CLIENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a+b&c=d %41~", "ÄÖ/\"'"})
    void aSecretIsSentAsItIs(String secret) throws Exception {
        entra.client(CLIENT).secret(secret);

        client(bySecret(secret)).ask();
    }

    @Test
    void anUnknownClientIsToldWithTheTenant() {
        entra.delete(entra.client(CLIENT));

        Problem problem = problem(bySecret("s3cret"));

        assertThat(problem.what())
                .contains("AADSTS700016: Application with identifier '" + CLIENT + "' was not found in the directory")
                .contains("HTTP 400", "Trace ID ")
                .doesNotContain("This can happen if");
        assertThat(problem.cure()).contains("AZURE_CLIENT_ID", "AZURE_TENANT_ID", entra.tenant(), CLIENT);
    }

    @Test
    void anUnknownTenantIsTold() {
        Problem problem = problem(new ClientSecret(entra.url(), "contoso.example", CLIENT, "s3cret"));

        assertThat(problem.what()).contains("AADSTS90002: Tenant 'contoso.example' not found (Trace ID");
        assertThat(problem.cure()).contains("AZURE_TENANT_ID", "contoso.example", "AZURE_AUTHORITY_HOST");
    }

    @Test
    void aWrongSecretAndOneThatHasExpiredAreToldApart() {
        Problem wrong = problem(bySecret("wr0ng"));
        assertThat(wrong.what()).contains("AADSTS7000215").doesNotContain("wr0ng");
        assertThat(wrong.cure())
                .contains("AZURE_CLIENT_SECRET", "not the secret's id", "az ad app credential reset")
                .contains(CLIENT);

        entra.client(CLIENT).expireSecret("s3cret");
        Problem expired = problem(bySecret("s3cret"));
        assertThat(expired.what()).contains("AADSTS7000222").doesNotContain("s3cret");
        assertThat(expired.cure()).contains("Certificates & secrets", "set AZURE_CLIENT_SECRET to it");
    }

    @Test
    void aServiceAccountThatNoFederatedCredentialMatchesIsToldWithAllThatOneNeeds() {
        write(ServiceAccountToken.of("other", "name", clock.instant().plusSeconds(60))
                .signed());

        Problem subject = problem(byFile());
        assertThat(subject.what()).contains("AADSTS700213", "subject 'system:serviceaccount:other:name'");
        assertThat(subject.cure())
                .contains("exactly the issuer " + ServiceAccountToken.ISSUER)
                .contains("the subject system:serviceaccount:other:name")
                .contains("the audience " + ServiceAccountToken.AUDIENCE)
                .contains(CLIENT);

        write(serviceAccountToken()
                .withAudience("https://kubernetes.default.svc")
                .signed());
        assertThat(problem(byFile()).what()).contains("AADSTS700212");
        assertThat(problem(byFile()).cure()).contains("the audience https://kubernetes.default.svc");

        write(serviceAccountToken().withIssuer("https://other.example").signed());
        assertThat(problem(byFile()).what()).contains("AADSTS700211");
    }

    @Test
    void whatNoTokenSaysIsToldByItsForm() {
        entra.refuseNext(
                401,
                70021,
                "No matching federated identity record found for presented assertion. Assertion Issuer: x.");
        write("no-jwt");

        assertThat(problem(byFile()).cure())
                .contains(
                        "the issuer of the cluster",
                        "system:serviceaccount:NAMESPACE:NAME",
                        ServiceAccountToken.AUDIENCE);
    }

    @Test
    void aTokenOfTheServiceAccountThatHasEndedOrIsNoneIsToldWithTheFile() {
        clock.pass(Duration.ofHours(2));
        Problem ended = problem(byFile());
        assertThat(ended.what()).contains("AADSTS700024");
        assertThat(ended.cure()).contains(file.toString(), "renewed");

        write("no-jwt");
        Problem none = problem(byFile());
        assertThat(none.what()).contains("AADSTS50027").doesNotContain("no-jwt");
        assertThat(none.cure()).contains(file.toString());
    }

    @Test
    void anyOtherRefusalIsToldWithItsCodeAndItsFirstSentence() {
        entra.refuseNext(
                400, 53003, "Access has been blocked by Conditional Access policies. The access policy does not.");

        Problem problem = problem(byFile());

        assertThat(problem.kind()).isEqualTo("AADSTS53003");
        assertThat(problem.what())
                .contains("AADSTS53003: Access has been blocked by Conditional Access policies (Trace ID")
                .doesNotContain("The access policy");
        assertThat(problem.cure())
                .contains("https://login.microsoftonline.com/error?code=53003", "AZURE_FEDERATED_TOKEN_FILE");
    }

    @Test
    void withoutATokenFileNothingIsAsked() throws Exception {
        Files.delete(file);
        assertThat(problem(byFile()).what()).contains("the federated token file " + file + " can't be read");
        assertThat(problem(byFile()).cure())
                .contains("AZURE_FEDERATED_TOKEN_FILE", "api://AzureADTokenExchange", "azure.workload.identity/use");

        write(" \n");
        assertThat(problem(byFile()).what()).contains("the federated token file " + file + " is empty");
        assertThat(entra.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | <html>Sign in to the guest network</html>
            200 | ''
            200 | null
            200 | {"access_token": "t0ken
            407 | <html>Proxy Authentication Required</html>
            302 | ''
            """)
    void whatIsNoAnswerOfEntraIsTheWorkOfAProxy(int status, String body) {
        entra.answerNext(status, Map.of("Location", entra.url() + "/elsewhere"), body);

        Problem problem = problem(bySecret("s3cret"));

        assertThat(problem.what())
                .contains("HTTP " + status, entra.url().toString())
                .doesNotContain("t0ken");
        assertThat(problem.cure()).contains("proxy", entra.url().toString());
        assertThat(entra.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"expires_in\": 3600}",
                "{\"access_token\": \"\", \"expires_in\": 3600}",
                "{\"access_token\": \"t0ken\"}",
                "{\"access_token\": \"t0ken\", \"expires_in\": \"soon\"}",
                "{\"access_token\": \"t0ken\", \"expires_in\": 0}",
                "{\"access_token\": \"t0ken\", \"expires_in\": -5}",
                "[]"
            })
    void anAnswerWithoutATokenThatLastsIsNone(String body) {
        entra.answerNext(200, Map.of(), body);

        assertThat(problem(bySecret("s3cret")).what())
                .contains("no access token from " + entra.url())
                .doesNotContain("t0ken");
    }

    @Test
    void whereNothingAnswersThatIsToldWithWhatToLookAt() {
        entra.refuseConnections();

        assertThat(problem(bySecret("s3cret")).cure()).contains("AZURE_AUTHORITY_HOST", "proxy", "certificate");
        assertThat(problem(byMachine()).cure())
                .contains("this is no Azure machine", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE");
    }

    @Test
    void anIdentityThatIsNotAssignedToTheMachineIsTold() {
        entra.client(CLIENT).onMachine(false);

        Problem problem = problem(byMachine());

        assertThat(problem.what()).contains("HTTP 400: Identity not found.");
        assertThat(problem.cure()).contains("assign the identity with the client id " + CLIENT, "AZURE_CLIENT_ID");
    }

    @ParameterizedTest
    @CsvSource({"404", "410", "429", "500"})
    void aMetadataServiceThatIsBusyIsAskedAgain(int status) {
        entra.answerNext(status, Map.of(), "{\"error\": \"busy\"}");

        assertThat(problem(byMachine()).cure()).startsWith("nothing");
    }

    @Test
    void nothingSecretIsShown() throws Exception {
        assertThat(bySecret("s3cret").toString()).contains(CLIENT).doesNotContain("s3cret");
        assertThat(new EntraCredential(bySecret("s3cret"), null, NO_PROXIES, "", clock).toString())
                .doesNotContain("s3cret");
        AccessToken token = client(bySecret("s3cret")).ask();
        assertThat(token.toString()).doesNotContain(token.value());
        assertThat(FederatedToken.in(file).toString())
                .doesNotContain(Files.readString(file).strip());
    }

    private ServiceAccountToken serviceAccountToken() {
        return ServiceAccountToken.of(
                "agent-reaper", "agent-reaper", clock.instant().plus(Duration.ofHours(1)));
    }

    private void write(String token) {
        try {
            Files.writeString(file, token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private EntraIdentity bySecret(String secret) {
        return new ClientSecret(entra.url(), entra.tenant(), CLIENT, secret);
    }

    private EntraIdentity byFile() {
        return new WorkloadIdentity(entra.url(), entra.tenant(), CLIENT, file);
    }

    private EntraIdentity byMachine() {
        return new ManagedIdentity(URI.create(entra.url().toString()), CLIENT);
    }

    private TokenClient client(EntraIdentity identity) {
        return new TokenClient(identity, null, NO_PROXIES, USER_AGENT, clock);
    }

    private Problem problem(EntraIdentity identity) {
        return catchThrowableOfType(
                        ProblemException.class, () -> client(identity).ask())
                .problem();
    }
}
