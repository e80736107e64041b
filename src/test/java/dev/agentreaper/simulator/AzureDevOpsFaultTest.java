package dev.agentreaper.simulator;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static dev.agentreaper.simulator.AzureDevOpsTestClient.json;
import static dev.agentreaper.simulator.AzureDevOpsTestClient.typeKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AzureDevOpsFaultTest {
    private static final String AGENTS = "/1/agents";
    private static final String AGENT = "/1/agents/1";

    private final AzureDevOpsSimulator simulator = AzureDevOpsSimulator.start();
    private final AzureDevOpsTestClient client = new AzureDevOpsTestClient(simulator);
    private final AzureDevOpsPool pool = simulator.pool("linux");

    @BeforeEach
    void registerAnAgent() {
        pool.register("agent", Map.of());
    }

    @AfterEach
    void close() {
        simulator.close();
        client.close();
    }

    static Stream<Arguments> answersInsteadOfTheService() {
        return Stream.of(
                Arguments.of(AzureDevOpsFault.htmlPage(), 200, "<html>"),
                Arguments.of(AzureDevOpsFault.signInPage(), 203, "Sign In"),
                Arguments.of(AzureDevOpsFault.redirectToSignIn(), 302, "Object moved"),
                Arguments.of(AzureDevOpsFault.unauthorized(), 401, "TF400813"),
                Arguments.of(AzureDevOpsFault.forbidden(), 403, "needs Manage permissions"),
                Arguments.of(AzureDevOpsFault.poolNotFound(), 404, "TaskAgentPoolNotFoundException"),
                Arguments.of(AzureDevOpsFault.htmlNotFound(), 404, "<html>"),
                Arguments.of(AzureDevOpsFault.tooManyRequests(), 429, "TF400733"),
                Arguments.of(AzureDevOpsFault.tooManyRequests(Duration.ofSeconds(7)), 429, "TF400733"),
                Arguments.of(AzureDevOpsFault.serverError(), 500, "An unexpected error occurred."),
                Arguments.of(AzureDevOpsFault.unavailable(), 503, "Service unavailable"),
                Arguments.of(AzureDevOpsFault.answer(418, Map.of(), "teapot"), 418, "teapot"));
    }

    @ParameterizedTest
    @MethodSource("answersInsteadOfTheService")
    void aRefusedDeleteHasNoEffect(AzureDevOpsFault fault, int status, String body) throws Exception {
        simulator.fail(fault);

        HttpResponse<String> refusal = client.delete(AGENT);

        assertThat(refusal.statusCode()).isEqualTo(status);
        assertThat(refusal.body()).contains(body);
        assertThat(refusal.headers().firstValue("Date")).isPresent();
        assertThat(simulator.requests().getLast().status()).isEqualTo(status);
        assertThat(pool.find("agent")).isPresent();
    }

    @Test
    void aBlockedCallerMayBeToldWhenToComeBack() throws Exception {
        simulator.failNext(1, AzureDevOpsFault.tooManyRequests());
        simulator.failNext(1, AzureDevOpsFault.tooManyRequests(Duration.ofSeconds(7)));

        assertThat(client.get(AGENTS).headers().firstValue("Retry-After")).isEmpty();
        assertThat(client.get(AGENTS).headers().firstValue("Retry-After")).contains("7");
    }

    @Test
    void aServedCallerMayBeToldToSlowDown() throws Exception {
        simulator.fail(AzureDevOpsFault.slowDown(Duration.ofSeconds(7)));

        HttpResponse<String> list = client.get(AGENTS);
        HttpResponse<String> deletion = client.delete(AGENT);

        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(list.headers().firstValue("X-RateLimit-Remaining")).contains("0");
        assertThat(deletion.statusCode()).isEqualTo(204);
        assertThat(deletion.headers().firstValue("Retry-After")).contains("7");
    }

    @Test
    void refusedConnectionsAreAcceptedAgainOnTheSamePort() throws Exception {
        client.get(AGENTS);

        simulator.refuseConnections();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> client.get(AGENTS));

        simulator.heal();
        assertThat(client.get(AGENTS).statusCode()).isEqualTo(200);
    }

    @Test
    void aResetCallHasNoEffect() {
        simulator.fail(AzureDevOpsFault.connectionReset());

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> client.delete(AGENT))
                .havingRootCause()
                .withMessage("Connection reset");
        assertThat(pool.find("agent")).isPresent();
        assertThat(simulator.requests().getLast().status()).isZero();
    }

    @Test
    void anAnswerCanBeLostAfterTheDeletion() {
        simulator.fail(AzureDevOpsFault.answerLost(), DELETE_AGENT);

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.delete(AGENT));
        assertThat(pool.agents()).isEmpty();
    }

    @Test
    void hangingCallsWaitTogetherUntilTheyAreReleased() {
        AzureDevOpsFault.Handle hang = simulator.failNext(3, AzureDevOpsFault.hang(), DELETE_AGENT);
        List<CompletableFuture<HttpResponse<String>>> calls = Stream.generate(
                        () -> client.sendLater(client.request("DELETE", AGENT)))
                .limit(3)
                .toList();
        await().until(() -> simulator.requests().size() == 3);

        assertThat(simulator.mostAtOnce()).isEqualTo(3);
        assertThat(calls).noneMatch(CompletableFuture::isDone);

        hang.clear();

        assertThat(calls)
                .allSatisfy(call ->
                        assertThatExceptionOfType(ExecutionException.class).isThrownBy(call::get));
        assertThat(pool.find("agent")).isPresent();
    }

    @Test
    void aHangingCallEndsWithTheSimulator() {
        simulator.fail(AzureDevOpsFault.hang());
        CompletableFuture<HttpResponse<String>> call = client.sendLater(client.request("DELETE", AGENT));
        await().until(() -> simulator.requests().size() == 1);

        simulator.close();

        assertThatExceptionOfType(ExecutionException.class).isThrownBy(call::get);
    }

    @Test
    void aDelayedCallIsServed() throws Exception {
        simulator.failNext(1, AzureDevOpsFault.delay(Duration.ofMillis(50)));

        long start = System.nanoTime();
        HttpResponse<String> answer = client.delete(AGENT);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        assertThat(answer.statusCode()).isEqualTo(204);
    }

    @Test
    void aCutConnectionLeavesTheBodyShort() {
        simulator.fail(AzureDevOpsFault.cutConnection());

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.get(AGENTS));
    }

    @Test
    void cutJsonHasTheRightLength() throws Exception {
        simulator.fail(AzureDevOpsFault.cutJson());

        String cut = client.get(AGENTS).body();

        assertThat(cut).startsWith("{\"count\":1,");
        assertThatIllegalArgumentException().isThrownBy(() -> AzureDevOpsJson.parse(cut));
    }

    @Test
    void aBodyMayBeEmptyOrMarkedOrDeep() throws Exception {
        simulator.failNext(1, AzureDevOpsFault.emptyBody());
        simulator.failNext(1, AzureDevOpsFault.byteOrderMark());
        simulator.failNext(1, AzureDevOpsFault.deeplyNested());

        assertThat(client.get(AGENTS).body()).isEmpty();
        assertThat(client.get(AGENTS).body()).startsWith("\uFEFF{\"count\":1,");
        assertThat(client.get(AGENTS).body()).contains("[".repeat(10_000));
    }

    @Test
    void aListMayHoldLessThanItCounts() throws Exception {
        simulator.fail(AzureDevOpsFault.countTooLarge());

        HttpResponse<String> list = client.get(AGENTS);

        assertThat(json(list).path("count").asInt()).isEqualTo(2);
        assertThat(json(list).path("value")).hasSize(1);
        assertThat(client.delete(AGENT).statusCode()).isEqualTo(204);
    }

    @Test
    void theDateMayBeSkewedOrMissing() throws Exception {
        simulator.failNext(1, AzureDevOpsFault.dateSkewed(Duration.ofHours(-3)));
        simulator.failNext(1, AzureDevOpsFault.dateMissing());

        Instant skewed = ZonedDateTime.parse(
                        client.get(AGENTS).headers().firstValue("Date").orElseThrow(),
                        DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();

        assertThat(Duration.between(skewed, Instant.now())).isBetween(Duration.ofHours(3), Duration.ofMinutes(181));
        assertThat(client.get(AGENTS).headers().firstValue("Date")).isEmpty();
    }

    @Test
    void aFaultMeetsOnlyTheOperationsThatItNames() throws Exception {
        AzureDevOpsFault.Handle fault = simulator.fail(AzureDevOpsFault.serverError(), LIST_AGENTS, DELETE_AGENT);

        assertThat(client.get(AGENTS).statusCode()).isEqualTo(500);
        assertThat(client.get(AGENT).statusCode()).isEqualTo(200);

        fault.clear();
        assertThat(client.delete(AGENT).statusCode()).isEqualTo(204);
    }

    @Test
    void theOldestFaultGoesFirst() throws Exception {
        simulator.failNext(2, AzureDevOpsFault.serverError());
        simulator.fail(AzureDevOpsFault.unauthorized());

        assertThat(client.get(AGENTS).statusCode()).isEqualTo(500);
        assertThat(client.get(AGENTS).statusCode()).isEqualTo(500);
        assertThat(typeKey(client.get(AGENTS))).isEqualTo("UnauthorizedRequestException");

        simulator.heal();
        assertThat(client.get(AGENTS).statusCode()).isEqualTo(200);
    }
}
