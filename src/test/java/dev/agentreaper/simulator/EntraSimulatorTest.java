package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.MutableClock;
import dev.agentreaper.simulator.EntraSimulator.Standing;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntraSimulatorTest {
    private static final String AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798";

    private final MutableClock clock = new MutableClock();
    private final EntraSimulator entra = EntraSimulator.start(clock);
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> form = new HashMap<>(Map.of(
            "grant_type", "client_credentials",
            "client_id", "client",
            "scope", AZURE_DEVOPS + "/.default",
            "client_secret", "secret"));

    EntraSimulatorTest() {
        entra.client("client").secret("secret").federate("system:serviceaccount:ns:name");
    }

    @AfterEach
    void close() {
        http.close();
        entra.close();
    }

    @Test
    void whoProvesWhoTheyAreGetsATokenThatEnds() throws Exception {
        JsonNode answer = AzureDevOpsJson.parse(post(entra.tenant()).body());
        String token = answer.path("access_token").asText();

        assertThat(answer.path("expires_in").asInt()).isEqualTo(3600);
        assertThat(entra.standing(token)).isEqualTo(Standing.VALID);
        assertThat(entra.clientOf("Bearer " + token)).contains("client");
        clock.pass(Duration.ofHours(1));
        assertThat(entra.standing(token)).isEqualTo(Standing.ENDED);
        assertThat(entra.standing("another")).isEqualTo(Standing.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "grant_type, password, 400, 900144",
        "scope, https://graph.microsoft.com/.default, 400, 900144",
        "client_id, nobody, 400, 700016",
        "client_secret, wrong, 401, 7000215",
        "client_assertion, a.b.c, 400, 900144",
    })
    void whatIsWrongInTheFormIsRefusedWithItsCode(String field, String value, int status, int code) throws Exception {
        form.put(field, value);

        HttpResponse<String> response = post(entra.tenant());

        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode body = AzureDevOpsJson.parse(response.body());
        assertThat(body.path("error_codes").path(0).asInt()).isEqualTo(code);
        assertThat(body.path("error_description").asText()).startsWith("AADSTS" + code + ": ");
    }

    @Test
    void anotherTenantIsNotThere() throws Exception {
        assertThat(post("another").body()).contains("AADSTS90002");
    }

    @Test
    void anAssertionCountsOnlyAsItWasSigned() throws Exception {
        form.remove("client_secret");
        form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        ServiceAccountToken token =
                ServiceAccountToken.of("ns", "name", clock.instant().plusSeconds(60));
        form.put("client_assertion", token.signed());
        assertThat(post(entra.tenant()).statusCode()).isEqualTo(200);

        String signed = token.signed();
        String other = ServiceAccountToken.of("ns", "other", token.end()).signed();
        form.put(
                "client_assertion",
                other.substring(0, other.lastIndexOf('.')) + signed.substring(signed.lastIndexOf('.')));
        assertThat(post(entra.tenant()).body()).contains("AADSTS50027");
    }

    @ParameterizedTest
    @CsvSource({"true, 2018-02-01, 200", "false, 2018-02-01, 400", "true, 2017-01-01, 400"})
    void theMetadataServiceAnswersRequestsOfTheMachineItself(String metadata, String version, int status)
            throws Exception {
        entra.client("client").onMachine(true);
        URI url = URI.create("%s/metadata/identity/oauth2/token?api-version=%s&resource=%s&client_id=client"
                .formatted(entra.url(), version, AZURE_DEVOPS));

        HttpRequest request =
                HttpRequest.newBuilder(url).header("Metadata", metadata).build();

        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(status);
    }

    @Test
    void azureDevOpsTakesATokenUntilItIsRevokedAndSaysThenThatItsClaimsDoNotSuffice() throws Exception {
        try (AzureDevOpsSimulator azure = AzureDevOpsSimulator.start()) {
            String token = AzureDevOpsJson.parse(post(entra.tenant()).body())
                    .path("access_token")
                    .asText();
            assertThat(listPools(azure, token).statusCode()).isEqualTo(401);
            azure.connectTo(entra);
            assertThat(listPools(azure, token).statusCode()).isEqualTo(200);

            entra.revokeTokens();

            HttpResponse<String> refused = listPools(azure, token);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate").orElse(""))
                    .startsWith("Bearer ")
                    .contains("error=\"insufficient_claims\"");
        }
    }

    private HttpResponse<String> listPools(AzureDevOpsSimulator azure, String token)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(azure.url() + "/_apis/distributedtask/pools?api-version=7.1"))
                        .header("Authorization", "Bearer " + token)
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String tenant) throws IOException, InterruptedException {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(joining("&"));
        return http.send(
                HttpRequest.newBuilder(URI.create(entra.url() + "/" + tenant + "/oauth2/v2.0/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
