package dev.agentreaper.azure;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.simulator.AzureDevOpsFault;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with the calls of a pool, and what its caller gets to know. */
@QuarkusTest
class AgentPoolFaultsTest {
    private static final String SIGN_IN = "make a token with the scope «Agent Pools (read, manage)»";
    private static final String REACH = "see that AZP_URL (in the file, url) is right and can be reached from here";
    private static final String LASTING = "where this lasts";

    @Inject
    MeterRegistry meters;

    private Service service;
    private AgentPool pool;

    @BeforeEach
    void findThePool() throws Exception {
        service = new Service(meters);
        service.linux.register("agent-1", Map.of());
        pool = service.pool();
        pool.list();
    }

    @AfterEach
    void close() {
        service.close();
    }

    static Stream<Arguments> unavailable() {
        return Stream.of(
                        new Case("a page with 200", AzureDevOpsFault.htmlPage(), REACH),
                        new Case("203", AzureDevOpsFault.signInPage(), SIGN_IN),
                        new Case("302", AzureDevOpsFault.redirectToSignIn(), SIGN_IN),
                        new Case("401", AzureDevOpsFault.unauthorized(), SIGN_IN),
                        new Case("429", AzureDevOpsFault.tooManyRequests(), "limits this identity's rate"),
                        new Case("500", AzureDevOpsFault.serverError(), LASTING),
                        new Case("503", AzureDevOpsFault.unavailable(), LASTING),
                        new Case("418", AzureDevOpsFault.answer(418, Map.of(), "teapot"), LASTING),
                        new Case("a reset connection", AzureDevOpsFault.connectionReset(), REACH))
                .flatMap(one -> one.with(PoolCall.values()));
    }

    @ParameterizedTest
    @MethodSource
    void unavailable(AzureDevOpsFault fault, String cure, PoolCall call) {
        service.simulator.fail(fault, call.operation);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> call.make(pool))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(failure.problem().cure()).contains(cure);
                    assertThat(failure.problem().toString())
                            .contains(service.simulator.url().toString())
                            .doesNotContain(service.simulator.token());
                    assertThat(service.connection.problem()).isEqualTo(failure.problem());
                });
        assertThat(service.linux.find("agent-1")).isPresent();
    }

    @ParameterizedTest
    @EnumSource(
            value = PoolCall.class,
            names = {"LIST", "FIND", "GET"})
    void whoMayNotReadThePoolIsToldWhichRoleItTakes(PoolCall call) {
        service.simulator.fail(AzureDevOpsFault.forbidden(), call.operation);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> call.make(pool))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.FORBIDDEN);
                    assertThat(failure.problem().cure()).contains("the role Administrator on the pool");
                    assertThat(service.connection.problem()).isEqualTo(failure.problem());
                });
    }

    @Test
    void aTokenThatMayReadAndNotDeleteMakesUsUnreadyThoughThePoolCanBeListed() throws Exception {
        service.simulator.fail(AzureDevOpsFault.forbidden(), DELETE_AGENT);

        assertThatExceptionOfType(AzureDevOpsException.class).isThrownBy(() -> pool.delete(pool.id(), 1));
        service.clock.pass(Duration.ofMinutes(6));
        assertThatExceptionOfType(AzureDevOpsException.class).isThrownBy(() -> pool.delete(pool.id(), 1));
        pool.list();

        assertThat(service.connection.isReady()).isTrue();
        assertThat(service.removals.isReady()).isFalse();
        assertThat(service.linux.find("agent-1")).isPresent();

        service.simulator.heal();
        pool.delete(pool.id(), 1);
        assertThat(service.removals.isReady()).isTrue();
    }

    static Stream<Arguments> unreadable() {
        AzureDevOpsFault anotherThing = AzureDevOpsFault.answer(200, Map.of(), "{\"message\":\"well\"}");
        Stream<Arguments> reads = Stream.of(
                        new Case("a cut connection", AzureDevOpsFault.cutConnection(), REACH),
                        new Case("cut JSON", AzureDevOpsFault.cutJson(), REACH),
                        new Case("no body", AzureDevOpsFault.emptyBody(), REACH),
                        new Case("deep nesting", AzureDevOpsFault.deeplyNested(), REACH),
                        new Case("another thing", anotherThing, REACH),
                        new Case("null", AzureDevOpsFault.answer(200, Map.of(), "null"), REACH))
                .flatMap(one -> one.with(PoolCall.LIST, PoolCall.FIND, PoolCall.GET));
        Stream<Arguments> lists = new Case("a list that is too short", AzureDevOpsFault.countTooLarge(), REACH)
                .with(PoolCall.LIST, PoolCall.FIND);
        return Stream.concat(reads, lists);
    }

    @ParameterizedTest
    @MethodSource
    void unreadable(AzureDevOpsFault fault, String cure, PoolCall call) {
        service.simulator.fail(fault, call.operation);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> call.make(pool))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(failure.problem().cure()).contains(cure);
                    assertThat(failure.problem().what()).doesNotContain("Exception");
                    assertThat(service.connection.problem()).isEqualTo(failure.problem());
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = PoolCall.class,
            names = {"LIST", "FIND", "GET"})
    void anAnswerMayBeginWithAByteOrderMark(PoolCall call) throws Exception {
        Object plain = call.make(pool);
        service.simulator.fail(AzureDevOpsFault.byteOrderMark(), call.operation);

        Object marked = call.make(pool);

        assertThat(agents(marked)).isEqualTo(agents(plain));
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 203, 205, 206, 226})
    void noOtherSuccessThan200Or204IsADeletion(int status) {
        service.simulator.fail(AzureDevOpsFault.answer(status, Map.of(), ""), DELETE_AGENT);

        assertThatExceptionOfType(AzureDevOpsException.class).isThrownBy(() -> pool.delete(pool.id(), 1));
    }

    @Test
    void aDeletionWhoseAnswerIsLostHasFailedAndIsFoundDoneTheNextTime() throws Exception {
        service.simulator.failNext(1, AzureDevOpsFault.answerLost(), DELETE_AGENT);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> pool.delete(pool.id(), 1))
                .extracting(AzureDevOpsException::kind)
                .isEqualTo(Kind.UNAVAILABLE);
        assertThat(pool.delete(pool.id(), 1)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = PoolCall.class,
            names = {"LIST", "FIND"})
    void aListThatIsNotThereIsNoEmptyList(PoolCall call) {
        for (AzureDevOpsFault fault : List.of(AzureDevOpsFault.poolNotFound(), AzureDevOpsFault.htmlNotFound())) {
            service.simulator.failNext(1, fault, call.operation);

            assertThatExceptionOfType(AzureDevOpsException.class)
                    .isThrownBy(() -> call.make(pool))
                    .satisfies(failure -> {
                        assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
                        assertThat(failure.problem().cure()).contains("AZP_URL", "AZP_POOL");
                    });
        }
    }

    @ParameterizedTest
    @EnumSource(PoolCall.class)
    void anOrganizationThatCanNotBeReachedWorksAgainByItself(PoolCall call) throws Exception {
        service.simulator.refuseConnections();
        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> call.make(pool))
                .extracting(AzureDevOpsException::kind)
                .isEqualTo(Kind.UNAVAILABLE);

        service.simulator.heal();
        call.make(pool);
        assertThat(service.connection.problem()).isNull();
    }

    @Test
    void anAnswerThatIsStillComingAfterTwoMinutesIsNone() throws Exception {
        service.simulator.failNext(
                1, AzureDevOpsFault.meanwhile(() -> service.clock.pass(Duration.ofMinutes(2))), LIST_AGENTS);
        pool.list();

        service.simulator.failNext(
                1, AzureDevOpsFault.meanwhile(() -> service.clock.pass(Duration.ofSeconds(121))), LIST_AGENTS);
        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(pool::list)
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(failure.problem().what()).contains("did not come to an end in time");
                });
    }

    @Test
    void noMoreOfAnErrorIsReadThanIsNeeded() {
        // The server promises twice what it sends: who waits for all of it gets no answer at all.
        int size = 10_000_000;
        service.simulator.fail(
                AzureDevOpsFault.answer(500, Map.of("Content-Length", Integer.toString(2 * size)), "x".repeat(size)),
                DELETE_AGENT);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> pool.delete(pool.id(), 1))
                .satisfies(failure -> assertThat(failure.problem().kind()).isEqualTo("HTTP 500"));
    }

    private static @Nullable Object agents(@Nullable Object answer) {
        return answer instanceof Listing listing ? listing.agents() : answer;
    }

    private record Case(String name, AzureDevOpsFault fault, String cure) {
        Stream<Arguments> with(PoolCall... calls) {
            return Arrays.stream(calls).map(call -> argumentSet(call + ", " + name, fault, cure, call));
        }
    }
}
