package dev.agentreaper.azure;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.azure.signin.EntraCredential;
import dev.agentreaper.azure.signin.EntraIdentity.ClientSecret;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.simulator.EntraSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long an access token serves, and when another one is asked for. */
@QuarkusTest
@Timeout(60)
class EntraCredentialTest {
    private static final String CLIENT = "c11e47ab-0000-4000-8000-000000000001";
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final Duration ONE_MINUTE = Duration.ofMinutes(1);

    @Inject
    MeterRegistry meters;

    private Service service;
    private EntraSimulator entra;
    private EntraCredential credential;
    private AgentPool pool;

    @BeforeEach
    void start() {
        service = new Service(meters);
        service.linux.register("agent-1", Map.of());
        entra = EntraSimulator.start(service.clock);
        entra.client(CLIENT).secret("s3cret");
        service.simulator.connectTo(entra);
        var identity = new ClientSecret(entra.url(), entra.tenant(), CLIENT, "s3cret");
        credential = new EntraCredential(identity, null, Service.NO_PROXIES, Service.USER_AGENT, service.clock);
        pool = service.pool(credential);
    }

    @AfterEach
    void close() {
        entra.close();
        service.close();
    }

    @ParameterizedTest
    @CsvSource({"60, 55", "10, 5", "9, 4.5", "1, 0.5"})
    void aTokenServesUntilFiveMinutesBeforeItsEndOrAShortOneForHalfItsLife(long minutes, double servesMinutes)
            throws Exception {
        Duration serves = Duration.ofSeconds((long) (servesMinutes * 60));
        entra.tokensLast(Duration.ofMinutes(minutes));
        pool.list();
        service.clock.pass(serves.minusMillis(1));
        pool.list();
        assertThat(entra.requests()).hasSize(1);

        service.clock.pass(Duration.ofMillis(1));
        pool.list();

        assertThat(entra.requests()).hasSize(2);
        assertThat(authorizations()).hasSize(2);
    }

    @Test
    void oneRequestServesHoweverManyWaitForIt() {
        entra.answerAfter(ONE_SECOND);
        List<Caller> callers = Stream.generate(Caller::new).limit(20).toList();
        await().until(() -> entra.underWay() == 1 && callers.stream().allMatch(Caller::waits));

        assertThat(callers).allSatisfy(caller -> assertThat(caller.failure()).isNull());
        assertThat(entra.requests()).hasSize(1);
    }

    @Test
    void oneFailureIsThatOfAllWhoWaitForIt() {
        entra.answerAfter(ONE_SECOND);
        entra.answerNext(500, Map.of(), "");
        List<Caller> callers = Stream.generate(Caller::new).limit(20).toList();
        await().until(() -> entra.underWay() == 1 && callers.stream().allMatch(Caller::waits));

        assertThat(callers).allSatisfy(caller -> assertThat(caller.failure()).isNotNull());
        assertThat(entra.requests()).hasSize(1);
    }

    @Test
    void whileATokenIsRenewedItStillServesOthers() throws Exception {
        credential.prepare();
        service.clock.pass(Duration.ofMinutes(56));
        entra.answerAfter(Duration.ofSeconds(3));
        Caller renewing = new Caller();
        await().until(() -> entra.underWay() == 1);

        credential.prepare();

        assertThat(entra.underWay()).isOne();
        assertThat(credential.isReady()).isTrue();
        assertThat(renewing.failure()).isNull();
        assertThat(entra.requests()).hasSize(2);
    }

    @Test
    void aTokenThatCanNotBeRenewedServesToItsEnd() throws Exception {
        pool.list();
        entra.refuseConnections();
        service.clock.pass(Duration.ofMinutes(59));
        pool.list();
        assertThat(service.connection.problem()).isNull();

        service.clock.pass(ONE_MINUTE);

        assertThat(credential.isReady()).isFalse();
        assertThat(problem().what()).contains("no usable answer from " + entra.url());
        assertThat(service.connection.problem()).isNotNull();
        entra.heal();
        service.clock.pass(ONE_MINUTE);
        pool.list();
        assertThat(service.connection.problem()).isNull();
    }

    @Test
    void aRevokedTokenIsReplacedWithoutAWord() throws Exception {
        pool.list();
        service.simulator.clearRequests();
        entra.revokeTokens();

        assertThat(pool.list().agents()).hasSize(1);

        assertThat(entra.requests()).hasSize(2);
        assertThat(service.operations()).containsExactly(LIST_AGENTS, LIST_AGENTS);
        assertThat(service.simulator.requests())
                .extracting(request -> request.status())
                .containsExactly(401, 200);
        assertThat(service.connection.problem()).isNull();
    }

    /** Between the look at the pod and the DELETE there is no time for a request for a token. */
    @Test
    void aDeleteWithARevokedTokenIsLeftToTheNextAttempt() throws Exception {
        pool.list();
        entra.revokeTokens();

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> pool.delete(pool.id(), 1))
                .extracting(AzureDevOpsException::kind)
                .isEqualTo(Kind.SIGNED_OUT);
        assertThat(service.operations()).containsExactly(LIST_AGENTS, DELETE_AGENT);
        assertThat(entra.requests()).hasSize(1);
        assertThat(service.connection.problem()).isNull();
        assertThat(pool.mustWait()).isTrue();

        pool.awaitTurn();
        assertThat(pool.mustWait()).isFalse();
        assertThat(pool.delete(pool.id(), 1)).isTrue();
        assertThat(entra.requests()).hasSize(2);
    }

    @Test
    void whereEveryTokenIsRefusedEntraIsAskedOnceAMinute() {
        service.simulator.connectTo(EntraSimulator.start());

        assertThat(problem().what()).contains("HTTP 401");
        assertThat(problem().cure())
                .contains("add the identity with the client id " + CLIENT + " to the organization")
                .contains("connected to the tenant");
        assertThat(entra.requests()).hasSize(2);

        service.clock.pass(ONE_MINUTE.minusMillis(1));
        var _ = problem();
        assertThat(entra.requests()).hasSize(2);

        service.clock.pass(Duration.ofMillis(1));
        var _ = problem();
        assertThat(entra.requests()).hasSize(3);
    }

    @Test
    void afterAFailureItPausesForLongerEachTimeUpToHalfAMinute() {
        entra.delete(entra.client(CLIENT));
        List<Integer> pauses = List.of(1, 2, 4, 8, 16, 30, 30);
        var _ = problem();
        for (int i = 0; i < pauses.size(); i++) {
            service.clock.pass(Duration.ofSeconds(pauses.get(i)).minusMillis(1));
            assertThat(problem().kind()).isEqualTo("AADSTS700016");
            assertThat(entra.requests()).hasSize(i + 1);
            service.clock.pass(Duration.ofMillis(1));
            var _ = problem();
            assertThat(entra.requests()).hasSize(i + 2);
        }
    }

    @Test
    void aSuccessMakesThePauseShortAgain() throws Exception {
        Map<String, String> none = Map.of();
        entra.answerNext(500, none, "");
        entra.answerNext(500, none, "");
        var _ = problem();
        service.clock.pass(ONE_SECOND);
        var _ = problem();
        service.clock.pass(ONE_SECOND.multipliedBy(2));
        pool.list();
        service.clock.pass(Duration.ofHours(1));
        entra.answerNext(500, none, "");
        var _ = problem();

        service.clock.pass(ONE_SECOND);

        pool.list();
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void itWaitsAsLongAsEntraAsksButNoLongerThanTenMinutes(int status) throws Exception {
        entra.answerNext(status, Map.of("Retry-After", "120"), "");
        assertThat(problem().cure()).startsWith("nothing");
        service.clock.pass(Duration.ofSeconds(119));
        var _ = problem();
        assertThat(entra.requests()).hasSize(1);
        service.clock.pass(ONE_SECOND);
        pool.list();

        service.clock.pass(Duration.ofHours(1));
        entra.answerNext(status, Map.of("Retry-After", "99999999"), "");
        var _ = problem();
        service.clock.pass(Duration.ofMinutes(10));
        pool.list();
    }

    @Test
    void aClockThatIsSetBackMakesNoPauseLonger() throws Exception {
        entra.answerNext(429, Map.of("Retry-After", "600"), "");
        var _ = problem();

        service.clock.pass(Duration.ofHours(-1));

        pool.list();
    }

    private Problem problem() {
        try {
            pool.list();
        } catch (AzureDevOpsException e) {
            return e.problem();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("the list works");
    }

    private List<String> authorizations() {
        return service.simulator.requests().stream()
                .map(request -> String.valueOf(request.headers().get("Authorization")))
                .distinct()
                .toList();
    }

    /** A thread that needs a token. */
    private final class Caller {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final Thread thread = Thread.ofPlatform().start(this::call);

        boolean waits() {
            return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
        }

        @Nullable
        Throwable failure() {
            try {
                ended.join();
                return null;
            } catch (CompletionException e) {
                return e.getCause();
            }
        }

        private void call() {
            try {
                credential.prepare();
                ended.complete(null);
            } catch (ProblemException | InterruptedException e) {
                ended.completeExceptionally(e);
            }
        }
    }
}
