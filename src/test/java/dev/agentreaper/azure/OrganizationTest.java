package dev.agentreaper.azure;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.health.Problem;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests are made, and what holds for those of all pools. */
@QuarkusTest
class OrganizationTest {
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    @Inject
    MeterRegistry meters;

    @TempDir
    Path directory;

    private Service service;
    private AgentPool pool;

    @BeforeEach
    void start() {
        service = new Service(meters);
        service.linux.register("agent-1", Map.of());
        pool = service.pool();
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void everyRequestSaysWhoAsksAndInWhichVersion() throws Exception {
        for (PoolCall call : PoolCall.values()) {
            call.make(pool);
        }
        service.pool(service.organization(), "1").list();

        assertThat(service.simulator.requests()).hasSize(7).allSatisfy(request -> {
            assertThat(request.headers())
                    .containsEntry("User-Agent", Service.USER_AGENT)
                    .containsEntry("X-TFS-FedAuthRedirect", "Suppress")
                    .containsEntry("Accept", "application/json");
            assertThat(Objects.requireNonNull(request.query()).split("&")).containsOnlyOnce("api-version=7.1");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void noRedirectIsFollowed(int status) throws Exception {
        pool.list();
        service.simulator.clearRequests();
        String location = service.simulator.url() + "/_apis/distributedtask/pools/1/agents/1?api-version=7.1";
        service.simulator.fail(AzureDevOpsFault.answer(status, Map.of("Location", location), ""), DELETE_AGENT);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> pool.delete(pool.id(), 1))
                .extracting(AzureDevOpsException::kind)
                .isEqualTo(Kind.UNAVAILABLE);
        assertThat(service.operations()).containsExactly(DELETE_AGENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a/b", "100%", "%41", "two words", "a&agentName=b", "a+b", "a#b?c", "{poolId}", "Größe", "a;b=c"
            })
    void aNameIsSentAsItIs(String name) throws Exception {
        service.linux.register(name, Map.of());

        assertThat(pool.find(pool.id(), new AgentName(name)))
                .extracting(Agent::name)
                .containsExactly(new AgentName(name));
        assertThat(URLDecoder.decode(
                        String.valueOf(service.simulator.requests().getLast().query()), UTF_8))
                .contains("agentName=" + name + "&");
    }

    @Test
    void thePoolsNameIsSentAsItIs() throws Exception {
        service.simulator.pool("R&D / 50% + {x}").register("agent-1", Map.of());

        assertThat(service.pool(service.organization(), "R&D / 50% + {x}")
                        .list()
                        .agents())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                      ''",
        "/DefaultCollection,      /DefaultCollection",
        "/tfs/DefaultCollection,  /tfs/DefaultCollection",
        "/tfs/DefaultCollection,  /tfs/DefaultCollection/",
        "/tfs/Our Agents,         /tfs/Our%20Agents",
    })
    void theOrganizationsPathGoesBeforeTheApis(String path, String written) throws Exception {
        service.simulator.withBasePath(path);
        URI url = URI.create(service.simulator.url().resolve("/") + written.replaceFirst("^/", ""));
        Organization organization = service.organization(url, service.credential(), "7.1");
        AgentPool pool = service.pool(organization, "linux");

        for (PoolCall call : PoolCall.values()) {
            call.make(pool);
        }
        service.pool(organization, "1").list();

        String pools = path + "/_apis/distributedtask/pools";
        assertThat(service.simulator.requests())
                .extracting(ReceivedRequest::path)
                .containsExactly(
                        pools,
                        pools + "/1/agents",
                        pools + "/1/agents",
                        pools + "/1/agents/1",
                        pools + "/1/agents/1",
                        pools + "/1",
                        pools + "/1/agents");
        assertThat(service.linux.agents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"7.0, 7.0", "6.0, 6.0", "5.0, 5.1"})
    void theCureOfAVersionThatIsTooHighNamesTheRightOne(String latest, String preview) {
        service.simulator.withApiVersions(latest, preview);

        assertThat(problem(pool).cure()).contains("AZP_API_VERSION=" + latest);
        assertThat(service.connection.problem()).isNotNull();
    }

    @Test
    void anyVersionThatTheServerTakesIsSent() throws Exception {
        service.simulator.withApiVersions("6.0", "6.0");
        var organization = service.organization(service.simulator.url(), service.credential(), "6.0");

        assertThat(service.pool(organization, "linux").list().agents()).hasSize(1);
    }

    @Test
    void aTokenInAFileMayRotate() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), service.simulator.token() + "\n");
        AgentPool pool = withTokenIn(file);
        pool.list();

        service.simulator.acceptToken("another");
        assertThat(problem(pool).cure()).contains("write it to " + file);

        Files.writeString(file, "another");
        assertThat(pool.list().agents()).hasSize(1);
        assertThat(service.connection.problem()).isNull();
    }

    @Test
    void withoutATokenNothingIsAsked() throws Exception {
        Path file = Files.writeString(directory.resolve("token"), service.simulator.token());
        AgentPool pool = withTokenIn(file);
        pool.list();
        service.simulator.clearRequests();

        Files.delete(file);
        assertThat(problem(pool).what()).contains("the token file " + file + " can't be read");
        assertThat(problem(pool).cure()).contains("AZP_TOKEN_FILE");

        Files.writeString(file, " \n");
        assertThat(problem(pool).what()).contains("the token file " + file + " is empty");

        Files.writeString(
                file,
                Base64.getMimeEncoder().encodeToString("s3cret7".repeat(12).getBytes(UTF_8)));
        assertThat(problem(pool).what())
                .contains("the token file " + file + ": it is Base64 of a token")
                .doesNotContain("s3cret");

        Files.delete(file);
        Files.createDirectory(file);
        assertThat(problem(pool).what()).contains("the token file " + file + " can't be read: it is a directory");
        Files.delete(file);
        assertThat(service.simulator.requests()).isEmpty();

        Files.writeString(file, service.simulator.token());
        assertThat(pool.list().agents()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(PoolCall.class)
    void anAnswerThatIsFineCanAskForAPause(PoolCall call) throws Exception {
        pool.list();
        service.simulator.failNext(1, AzureDevOpsFault.slowDown(ONE_SECOND), call.operation);
        call.make(pool);

        assertThatTheNextCallWaitsForOneSecond();
    }

    @Test
    void aCallerThatHasUsedAllUpWaitsForTheReset() throws Exception {
        pool.list();
        service.simulator.failNext(1, AzureDevOpsFault.allUsedUp(Duration.ofMinutes(5)), LIST_AGENTS);
        pool.list();

        assertThatTheNextCallWaitsFor(Duration.ofSeconds(30));
    }

    @Test
    void whatIsSaidWithRetryAfterGoesBeforeTheReset() throws Exception {
        pool.list();
        service.simulator.failNext(
                1,
                AzureDevOpsFault.answer(
                        200,
                        Map.of("Retry-After", "1", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "9999999999"),
                        "{\"value\":[]}"),
                LIST_AGENTS);
        pool.list();

        assertThatTheNextCallWaitsForOneSecond();
    }

    @Test
    void aRetryAfterThatIsNoNumberOfSecondsHidesNoReset() throws Exception {
        pool.list();
        service.simulator.failNext(
                1,
                AzureDevOpsFault.answer(
                        200,
                        Map.of(
                                "Retry-After",
                                "Fri, 27 Nov 2026 12:00:00 GMT",
                                "X-RateLimit-Remaining",
                                "0",
                                "X-RateLimit-Reset",
                                "9999999999"),
                        "{\"value\":[]}"),
                LIST_AGENTS);
        pool.list();

        assertThatTheNextCallWaitsFor(Duration.ofSeconds(30));
    }

    @Test
    void aBlockedCallerComesBackWhenItIsTold() throws Exception {
        pool.list();
        service.simulator.failNext(1, AzureDevOpsFault.tooManyRequests(ONE_SECOND), LIST_AGENTS);
        assertThat(problem(pool).kind()).isEqualTo("HTTP 429");

        assertThatTheNextCallWaitsForOneSecond();
    }

    @Test
    void poolsOfOneOrganizationWaitTogetherAndOthersDoNot() throws Exception {
        Organization organization = service.organization();
        AgentPool slowed = service.pool(organization, "linux");
        pool = service.pool(organization, "windows");
        service.simulator.pool("windows");
        pool.list();
        service.simulator.failNext(1, AzureDevOpsFault.slowDown(ONE_SECOND), LIST_AGENTS);
        slowed.list();

        service.pool().list();
        assertThatTheNextCallWaitsForOneSecond();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "Wed, 21 Oct 2065 07:28:00 GMT", "99999999999999999999"})
    void anOddRetryAfterHoldsNothingBack(String odd) throws Exception {
        service.simulator.failNext(
                1, AzureDevOpsFault.answer(200, Map.of("Retry-After", odd), "{\"value\":[]}"), LIST_AGENTS);
        pool.list();

        assertThat(pool.list().agents()).hasSize(1);
    }

    @Test
    void callsAreCountedByOperationAndStatus() throws Exception {
        long before = calls("404");
        pool.delete(pool.id(), 7);

        assertThat(calls("404")).isEqualTo(before + 1);
    }

    @Test
    void whatIsLeftOfTheRateIsShownOnceItIsToldAndAllOfItAfterTheReset() throws Exception {
        pool.list();
        assertThat(remaining()).isNull();

        service.simulator.failNext(1, AzureDevOpsFault.littleIsLeft(17, Duration.ofMinutes(5)), LIST_AGENTS);
        pool.list();
        assertThat(remaining()).isEqualTo(17);

        pool.list();
        assertThat(remaining()).as("an answer that says nothing of it").isEqualTo(17);

        service.simulator.failNext(1, AzureDevOpsFault.littleIsLeft(9, Duration.ofMinutes(5)), LIST_AGENTS);
        service.pool(service.organization(), "linux").list();
        assertThat(remaining()).as("as another identity was told").isEqualTo(9);

        service.clock.pass(
                Duration.between(service.clock.instant(), Instant.now()).plusMinutes(6));
        assertThat(remaining()).isEqualTo(200);
    }

    private @Nullable Double remaining() {
        Gauge gauge = meters.find("agent_reaper_azure_devops_rate_limit_remaining")
                .tag("organization", service.simulator.url().toString())
                .gauge();
        return gauge == null ? null : gauge.value();
    }

    private void assertThatTheNextCallWaitsForOneSecond() throws InterruptedException {
        assertThatTheNextCallWaitsFor(ONE_SECOND);
    }

    private void assertThatTheNextCallWaitsFor(Duration pause) throws InterruptedException {
        double throttled = throttledSeconds();
        service.simulator.clearRequests();
        AtomicInteger listed = new AtomicInteger();
        Thread next = Thread.ofPlatform().start(() -> {
            try {
                listed.set(1 + pool.list().agents().size());
            } catch (AzureDevOpsException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> next.getState() == Thread.State.TIMED_WAITING
                && next.getStackTrace()[1].getClassName().equals(Object.class.getName()));
        service.clock.pass(pause.minusNanos(1));
        assertThat(service.simulator.requests()).isEmpty();

        service.clock.pass(Duration.ofNanos(1));
        next.join();

        assertThat(listed.get()).isPositive();
        assertThat(throttledSeconds()).isEqualTo(throttled + pause.toSeconds());
    }

    @Test
    void aProxyIsAskedForTheWholeAddressByWhomeverItsUrlNames() throws Exception {
        int port = service.simulator.url().getPort();

        assertThat(service.poolThrough("http://me:p%20w@127.0.0.1:" + port)
                        .list()
                        .agents())
                .hasSize(1);
        assertThat(service.poolThrough("http://me@127.0.0.1:" + port).list().agents())
                .hasSize(1);

        assertThat(service.simulator.requests())
                .extracting(request -> request.headers().get("Proxy-Authorization"))
                .containsExactly(
                        "Basic " + base64("me:p w"),
                        "Basic " + base64("me:p w"),
                        "Basic " + base64("me:"),
                        "Basic " + base64("me:"));
    }

    static final AzureDevOpsFault[] ANSWERS_OF_PROXIES = {
        AzureDevOpsFault.answer(407, Map.of("Proxy-Authenticate", "Basic"), "<html>Who are you?</html>"),
        AzureDevOpsFault.htmlPage(),
        AzureDevOpsFault.connectionReset(),
    };

    @ParameterizedTest
    @FieldSource("ANSWERS_OF_PROXIES")
    void whatAProxyAnswersInItsPlaceIsToldByTheNameOfTheVariable(AzureDevOpsFault answer) {
        service.simulator.fail(answer);

        Problem problem = problem(service.poolThrough(
                "http://me:s3cret@127.0.0.1:" + service.simulator.url().getPort()));

        assertThat(problem.what())
                .contains("through the proxy http://127.0.0.1:")
                .doesNotContain("s3cret");
        assertThat(problem.cure()).contains("_PROXY=");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private AgentPool withTokenIn(Path file) {
        var credential = new PersonalAccessToken.InFile(file);
        return service.pool(service.organization(service.simulator.url(), credential, "7.1"), "linux");
    }

    private static Problem problem(AgentPool pool) {
        try {
            pool.list();
        } catch (AzureDevOpsException e) {
            return e.problem();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("the list works");
    }

    private double throttledSeconds() {
        return meters.counter("agent_reaper_azure_devops_throttled_seconds").count();
    }

    private long calls(String status) {
        return meters.timer("agent_reaper_azure_devops_requests", "operation", "delete_agent", "status", status)
                .count();
    }
}
