package dev.agentreaper.program;

import static dev.agentreaper.program.OneShotScene.podNamed;
import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.LoopbackRelay;
import dev.agentreaper.simulator.SimulatedAgent;
import dev.agentreaper.simulator.TestAuthority;
import dev.agentreaper.simulator.TestAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What goes wrong with Azure DevOps while the program runs: that no ghost outlives it, and that nothing else goes. Each fault
 * befalls an organization of its own, in one program and all at the same time; a test is told how that of its fault went.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AzureDevOpsFaultsIT {
    private static final String UNUSABLE = "no usable answer from ";
    private static final String REACH =
            "see that AZP_URL (in the file, url) is right and can be reached from here (DNS, network policy";
    private static final String SIGN_IN = "make a token with the scope «Agent Pools (read, manage)»";
    private static final String ROLE = "the role Administrator on the pool";
    private static final String LASTING = "where this lasts, see the status page of Azure DevOps";
    private static final String RATE = "limits this identity's rate";
    private static final Duration SHORT = Duration.ofSeconds(1);

    /** Two agents of live pods, of which one is offline, and a machine of another's that is switched off. */
    private static final List<String> STAY = List.of("agent-lives", "agent-quiet", "vm-1");

    @TempDir
    static Path directory;

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);
    private final TestAuthority authority = TestAuthority.create();
    private final List<LoopbackRelay> relays = new ArrayList<>();
    private final Map<String, Story> stories = new LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();
    private final Map<String, Future<?>> unfolding = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Program run;

    /** What happens to an organization, and what has to come of it. */
    private interface Story {
        void unfold(String pool, AzureDevOpsSimulator organization);
    }

    @BeforeAll
    void begin() throws IOException {
        told("connection-refused", AzureDevOpsSimulator::refuseConnections, UNUSABLE, REACH);
        told("connection-reset", AzureDevOpsFault.connectionReset(), UNUSABLE, REACH);
        toldOfCertificate("certificate-of-another-name", authority.server("devops.nowhere.test"));
        toldOfCertificate(
                "certificate-of-an-unknown-authority", TestAuthority.create().server("127.0.0.1"));
        told("list-cut-on-the-way", AzureDevOpsFault.cutConnection(), UNUSABLE, REACH, LIST_AGENTS, FIND_AGENT);
        told("list-cut-short", AzureDevOpsFault.cutJson(), UNUSABLE, REACH, LIST_AGENTS, FIND_AGENT);
        told(
                "list-of-fewer-than-it-says",
                AzureDevOpsFault.countTooLarge(),
                "cut short",
                REACH,
                LIST_AGENTS,
                FIND_AGENT);
        told("list-without-a-body", AzureDevOpsFault.emptyBody(), UNUSABLE, REACH, LIST_AGENTS, FIND_AGENT);
        told("page-with-200", AzureDevOpsFault.htmlPage(), UNUSABLE, REACH);
        told("http-203", AzureDevOpsFault.signInPage(), "HTTP 203", SIGN_IN);
        told("http-302", AzureDevOpsFault.redirectToSignIn(), "HTTP 302", SIGN_IN);
        told("http-401", AzureDevOpsFault.unauthorized(), "HTTP 401", SIGN_IN);
        told("http-403-on-reading", AzureDevOpsFault.forbidden(), "HTTP 403", ROLE, LIST_AGENTS, FIND_AGENT, GET_AGENT);
        told("http-403-on-deleting", AzureDevOpsFault.forbidden(), "HTTP 403", ROLE, DELETE_AGENT);
        told(
                "http-404-on-the-pool",
                AzureDevOpsFault.poolNotFound(),
                "HTTP 404",
                "set AZP_POOL (in the file, pool) to the name");
        told(
                "http-404-page",
                AzureDevOpsFault.htmlNotFound(),
                "HTTP 404",
                "AZP_URL (in the file, url) names the organization");
        told("http-429", AzureDevOpsFault.tooManyRequests(), "HTTP 429", RATE);
        told("http-429-with-retry-after", AzureDevOpsFault.tooManyRequests(SHORT), "HTTP 429", RATE);
        told("http-500", AzureDevOpsFault.serverError(), "HTTP 500", LASTING);
        told("http-503", AzureDevOpsFault.unavailable(), "HTTP 503", LASTING);
        add("hung", this::hangs);
        add("beside-the-hung", (pool, organization) -> {});
        add("slow", this::isSlow);
        add("busy", this::hasABusyAgent);
        add("404-for-an-agent", this::hidesAnAgent);
        add("told-to-wait", this::wantsUsToWait, "sweep: {every: 'off'}");
        add("storm", this::storms);
        add("answer-lost", this::losesAnAnswer);
        add("another-id", this::givesAnotherId);
        add("an-hour-ahead", this::isAnHourAhead);
        add("an-hour-behind", this::isAnHourBehind);
        run = scene.env("REAPER_SWEEP_EVERY", "2s")
                .env("REAPER_CA_FILE", Files.writeString(directory.resolve("ca.pem"), authority.certificate()))
                .env("QUARKUS_LOG_LEVEL", "DEBUG")
                .start("run");
        eventually().until(run::isReady);
        stories.forEach((pool, story) ->
                unfolding.put(pool, threads.submit(() -> story.unfold(pool, scene.organization(pool)))));
        unfolding.put("name-unknown", threads.submit(this::nameIsUnknown));
    }

    @AfterAll
    void end() {
        assertThat(stories.keySet()).allSatisfy(pool -> assertThat(names(pool)).containsAll(STAY));
        threads.shutdownNow();
        run.close();
        relays.forEach(LoopbackRelay::close);
        scene.close();
        cluster.close();
    }

    /** Adds a pool that this befalls, and of which this is told. */
    private void told(String pool, Consumer<AzureDevOpsSimulator> begins, String what, String cure) {
        told.add(pool);
        add(
                pool,
                (name, organization) ->
                        isTold(name, () -> begins.accept(organization), organization::heal, what, cure));
    }

    private void told(
            String pool, AzureDevOpsFault fault, String what, String cure, AzureDevOpsOperation... operations) {
        told(pool, organization -> organization.fail(fault, operations), what, cure);
    }

    /** Adds a pool that is reached by HTTPS, and shows another certificate for a while. */
    private void toldOfCertificate(String pool, Issued wrong) {
        Issued right = authority.server("127.0.0.1");
        AzureDevOpsSimulator organization = AzureDevOpsSimulator.start();
        LoopbackRelay tls = LoopbackRelay.tlsFor(organization.url(), right);
        relays.add(tls);
        scene.inFile(
                pool,
                organization,
                URI.create(
                        "https://127.0.0.1:" + tls.port() + organization.url().getPath()));
        told.add(pool);
        populate(
                pool, (name, _) -> isTold(name, () -> tls.show(wrong), () -> tls.show(right), UNUSABLE, "certificate"));
    }

    private void add(String pool, Story story, String... settings) {
        scene.inFile(pool, settings);
        populate(pool, story);
    }

    /** Lets the agents run that stay, and one that is to die. */
    private void populate(String pool, Story story) {
        runs(pool, "agent-lives");
        runs(pool, "agent-quiet");
        OneShotScene.straggler(scene.pool(pool), "vm-1");
        scene.pool(pool).offlineSince("agent-quiet", Instant.now().minus(Duration.ofHours(1)));
        runs(pool, "agent-known");
        stories.put(pool, story);
    }

    private List<String> told() {
        return told;
    }

    @ParameterizedTest
    @MethodSource("told")
    void aFaultIsToldOnceWithItsCureAndWhatDiesMeanwhileIsRemovedOnceItIsOver(String fault) throws Exception {
        unfolds(fault);
    }

    private void isTold(String pool, Runnable begin, Runnable end, String what, String cure) {
        begin.run();
        runs(pool, "agent-new");
        OneShotScene.straggler(scene.pool(pool), "agent-straggler");
        dies(pool, "agent-known");
        dies(pool, "agent-new");
        eventually()
                .until(() -> attempts(pool, "agent-new") >= 2 && !warnings(pool).isEmpty());

        assertThat(names(pool)).contains("agent-new", "agent-straggler").containsAll(STAY);
        assertThat(run.status("/q/health/ready")).as("an outage of seconds").isEqualTo(200);
        assertThat(run.get("/q/health/ready")).contains("pool " + pool + "\": \"");

        end.run();
        awaitLeft(pool, STAY);
        eventually().until(() -> lines("pool " + pool + ": works again after ").size() == 1);
        assertThat(warnings(pool)).singleElement().asString().contains(what, "What to do: ", cure);
    }

    @Test
    void callsThatHangHoldNothingElseUp() throws Exception {
        unfolds("hung");
    }

    private void hangs(String pool, AzureDevOpsSimulator organization) {
        List<String> ghosts = run(pool, 12);
        awaitSweeps(pool, 2);
        organization.fail(AzureDevOpsFault.hang());
        ghosts.forEach(ghost -> dies(pool, ghost));
        // As many as are removed at a time, and a sweep.
        eventually().until(() -> answersAwaited(organization) >= 9);

        OneShotScene.straggler(scene.pool("beside-the-hung"), "agent-straggler");
        dies("beside-the-hung", "agent-known");
        awaitLeft("beside-the-hung", STAY);
        assertThat(names(pool)).containsAll(STAY).containsAll(ghosts);
        assertThat(run.status("/q/health/live")).isEqualTo(200);

        organization.heal();
        dies(pool, "agent-known");
        awaitLeft(pool, STAY);
        assertThat(warnings(pool)).singleElement().asString().contains(UNUSABLE, "What to do: ", REACH);
    }

    private static long answersAwaited(AzureDevOpsSimulator organization) {
        return organization.requests().stream()
                .filter(request -> request.status() == 0)
                .count();
    }

    @Test
    void slowAnswersAreWaitedForAndNoneIsComplainedOf() throws Exception {
        unfolds("slow");
    }

    private void isSlow(String pool, AzureDevOpsSimulator organization) {
        organization.answerAfter(Duration.ofSeconds(2));
        OneShotScene.straggler(scene.pool(pool), "agent-straggler");
        dies(pool, "agent-known");

        awaitLeft(pool, STAY);
        assertThat(attempts(pool, "agent-known")).isZero();
        assertThat(warnings(pool)).isEmpty();
    }

    @Test
    void aGhostWhoseJobSeemsToRunOnIsTriedUntilItIsOver() throws Exception {
        unfolds("busy");
    }

    private void hasABusyAgent(String pool, AzureDevOpsSimulator organization) {
        scene.pool(pool).busy("agent-known", true);
        OneShotScene.straggler(scene.pool(pool), "agent-straggler");
        scene.pool(pool).busy("agent-straggler", true);
        dies(pool, "agent-known");
        eventually().until(() -> deletions(organization) == 1);
        awaitSweeps(pool, 3);
        assertThat(names(pool)).contains("agent-known", "agent-straggler").containsAll(STAY);
        assertThat(deletions(organization)).isEqualTo(1);

        scene.pool(pool).busy("agent-known", false);
        scene.pool(pool).busy("agent-straggler", false);
        awaitLeft(pool, STAY);
        assertThat(warnings(pool)).isEmpty();
        assertThat(organization.requests()).extracting(ReceivedRequest::method).containsOnly("GET", "DELETE");
    }

    @Test
    void a404ForAnAgentThatIsThereIsNotTakenForItsEnd() throws Exception {
        unfolds("404-for-an-agent");
    }

    private void hidesAnAgent(String pool, AzureDevOpsSimulator organization) {
        organization.fail(AzureDevOpsFault.htmlNotFound(), DELETE_AGENT, FIND_AGENT);
        dies(pool, "agent-known");
        // Lists that come between have the agent.
        eventually().until(() -> attempts(pool, "agent-known") >= 4);
        assertThat(names(pool)).contains("agent-known").containsAll(STAY);

        organization.heal();
        awaitLeft(pool, STAY);
    }

    @Test
    void noCallIsMadeBeforeTheRetryAfterOfAnAnswerThatIsFineIsOver() throws Exception {
        unfolds("told-to-wait");
    }

    private void wantsUsToWait(String pool, AzureDevOpsSimulator organization) {
        runs(pool, "agent-new");
        Duration asked = Duration.ofSeconds(3);
        organization.failNext(1, AzureDevOpsFault.slowDown(asked), DELETE_AGENT);
        dies(pool, "agent-known");
        eventually()
                .until(() ->
                        lines("removed pool=" + pool + " agent=agent-known").size() == 1);
        dies(pool, "agent-new");

        awaitLeft(pool, STAY);
        List<ReceivedRequest> requests = organization.requests();
        int first = requests.indexOf(deletes(organization).getFirst());
        assertThat(Duration.between(
                        requests.get(first).received(), requests.get(first + 1).received()))
                .isGreaterThanOrEqualTo(asked);
        assertThat(warnings(pool)).isEmpty();
    }

    @Test
    void aStormOf500And503DelaysRemovalsAndIsToldOnceOfEach() throws Exception {
        unfolds("storm");
    }

    private void storms(String pool, AzureDevOpsSimulator organization) {
        List<String> ghosts = run(pool, 6);
        Random random = new Random(20260311);
        organization.fail(AzureDevOpsFault.sometimes(AzureDevOpsFault.serverError(), random), DELETE_AGENT);
        organization.fail(AzureDevOpsFault.sometimes(AzureDevOpsFault.unavailable(), random));
        ghosts.forEach(ghost -> dies(pool, ghost));
        dies(pool, "agent-known");

        awaitLeft(pool, STAY);
        assertThat(lines("pool " + pool + ": HTTP 500")).hasSizeLessThanOrEqualTo(1);
        assertThat(lines("pool " + pool + ": HTTP 503")).hasSizeLessThanOrEqualTo(1);
        assertThat(warnings(pool)).hasSizeBetween(1, 2).allMatch(line -> line.contains(LASTING));
        organization.heal();
    }

    @Test
    void aDeletionWhoseAnswerIsLostIsFoundDone() throws Exception {
        unfolds("answer-lost");
    }

    private void losesAnAnswer(String pool, AzureDevOpsSimulator organization) {
        organization.failNext(1, AzureDevOpsFault.answerLost(), DELETE_AGENT);
        dies(pool, "agent-known");

        eventually()
                .until(() -> lines("already gone pool=" + pool + " agent=agent-known")
                                .size()
                        == 1);
        assertThat(names(pool)).hasSameElementsAs(STAY);
        // It is not asked to delete it again where a sweep has listed the pool in between.
        assertThat(deletes(organization).stream().map(ReceivedRequest::status).toList())
                .isIn(List.of(0), List.of(0, 404));
        assertThat(warnings(pool)).singleElement().asString().contains(UNUSABLE, "What to do: ", REACH);
    }

    @Test
    void anAgentThatGetsAnotherIdUnderItsPodStaysUntilThatPodDies() throws Exception {
        unfolds("another-id");
    }

    private void givesAnotherId(String pool, AzureDevOpsSimulator organization) {
        AzureDevOpsPool agents = scene.pool(pool);
        agents.remove("agent-known");
        SimulatedAgent anew = agents.register("agent-known", OneShotScene.CAPABILITIES);
        agents.offlineSince("agent-known", Instant.now().minus(Duration.ofHours(1)));
        awaitSweeps(pool, 2);
        assertThat(deletes(organization)).isEmpty();

        dies(pool, "agent-known");
        awaitLeft(pool, STAY);
        assertThat(deletes(organization).getLast().agentId()).isEqualTo(anew.id());
        assertThat(warnings(pool)).isEmpty();
    }

    @Test
    void aClockOfAzureDevOpsThatIsAnHourAheadMakesNoAgentOld() throws Exception {
        unfolds("an-hour-ahead");
    }

    private void isAnHourAhead(String pool, AzureDevOpsSimulator organization) {
        organization.fail(AzureDevOpsFault.dateSkewed(Duration.ofHours(1)));
        offline(pool, "agent-5m", Duration.ofMinutes(5));
        offline(pool, "agent-30m", Duration.ofMinutes(30));
        dies(pool, "agent-known");

        List<String> left = Stream.concat(STAY.stream(), Stream.of("agent-5m")).toList();
        awaitLeft(pool, left);
        awaitSweeps(pool, 2);
        assertThat(names(pool)).hasSameElementsAs(left);
        assertThat(warnings(pool)).singleElement().asString().contains("earlier of the clocks", "this machine's");
    }

    @Test
    void aClockOfAzureDevOpsThatIsAnHourBehindDelaysSweepsAndNoEvent() throws Exception {
        unfolds("an-hour-behind");
    }

    private void isAnHourBehind(String pool, AzureDevOpsSimulator organization) {
        organization.fail(AzureDevOpsFault.dateSkewed(Duration.ofHours(-1)));
        offline(pool, "agent-30m", Duration.ofMinutes(30));
        dies(pool, "agent-known");

        List<String> left = Stream.concat(STAY.stream(), Stream.of("agent-30m")).toList();
        awaitLeft(pool, left);
        awaitSweeps(pool, 2);
        assertThat(names(pool)).hasSameElementsAs(left);
        assertThat(warnings(pool)).singleElement().asString().contains("earlier of the clocks", "this machine's");

        organization.heal();
        awaitLeft(pool, STAY);
    }

    @Test
    void aNameThatDoesNotResolveIsToldOnceAndAskedForUntilItDoes() throws Exception {
        unfolds("name-unknown");
    }

    /** In a program of its own: nothing less than its start is sure to ask for the name. */
    private void nameIsUnknown() {
        try (Scene<KubernetesSimulator> other = Scene.simulated()) {
            Path names = Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n");
            URI url = other.azure.url();
            other.runs("lives");
            other.runs("ghost");
            Program program = other.start(other.configured()
                    .env("AZP_URL", "http://devops.nowhere.test:" + url.getPort() + url.getPath())
                    .vmOption("-Djdk.net.hosts.file=" + names));
            eventually().until(() -> !toldOf(program, "pool default: ").isEmpty() && other.cluster.openWatches() == 1);
            other.dies("ghost");
            assertThat(program.status("/q/health/ready")).isEqualTo(503);
            assertThat(program.status("/q/health/live")).isEqualTo(200);

            Files.writeString(names, "127.0.0.1 devops.nowhere.test\n");
            other.awaitRemoved("ghost");
            eventually().until(program::isReady);
            assertThat(other.hasAgent("lives")).isTrue();
            assertThat(toldOf(program, "pool default: "))
                    .singleElement()
                    .asString()
                    .contains("devops.nowhere.test", "What to do: ", REACH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void unfolds(String pool) throws InterruptedException {
        try {
            Objects.requireNonNull(unfolding.get(pool)).get();
        } catch (ExecutionException e) {
            throw new AssertionError(pool + ": " + e.getCause() + "\n" + about(pool), e);
        }
    }

    private String about(String pool) {
        return String.join("\n", lines(pool));
    }

    private void runs(String pool, String agent) {
        scene.running(podNamed(pool, agent));
        scene.pool(pool).register(agent, OneShotScene.CAPABILITIES);
    }

    /** Lets so many more pods run their agents. */
    private List<String> run(String pool, int number) {
        List<String> agents =
                IntStream.range(0, number).mapToObj(i -> "agent-" + i).toList();
        agents.forEach(agent -> runs(pool, agent));
        return agents;
    }

    private void offline(String pool, String agent, Duration since) {
        OneShotScene.offline(scene.pool(pool), agent, since);
    }

    private void dies(String pool, String pod) {
        cluster.delete(pool, pod);
    }

    private List<String> names(String pool) {
        return OneShotScene.names(scene.pool(pool));
    }

    private void awaitLeft(String pool, List<String> left) {
        eventually().untilAsserted(() -> assertThat(names(pool)).hasSameElementsAs(left));
    }

    private static List<ReceivedRequest> deletes(AzureDevOpsSimulator organization) {
        return organization.requests().stream()
                .filter(request -> request.operation() == DELETE_AGENT)
                .toList();
    }

    private int attempts(String pool, String agent) {
        return lines("attempt failed: pool=" + pool + " agent=" + agent + ":").size();
    }

    private static long deletions(AzureDevOpsSimulator organization) {
        return organization.requests().stream()
                .filter(request -> request.operation() == DELETE_AGENT)
                .count();
    }

    private int sweeps(String pool) {
        return lines("swept pool=" + pool + " ").size();
    }

    private void awaitSweeps(String pool, int number) {
        int before = sweeps(pool);
        eventually().until(() -> sweeps(pool) >= before + number);
    }

    /** What it warned of a pool, and of no single agent. */
    private List<String> warnings(String pool) {
        return toldOf(run, "pool " + pool + ": ");
    }

    private static List<String> toldOf(Program program, String of) {
        return program.log().stream()
                .filter(line -> line.contains(" WARN ") && line.contains(of))
                .toList();
    }

    private List<String> lines(String text) {
        return Scene.linesWith(run, text);
    }
}
