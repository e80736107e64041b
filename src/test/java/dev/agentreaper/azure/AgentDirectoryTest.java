package dev.agentreaper.azure;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.simulator.AzureDevOpsFault;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@Timeout(60)
class AgentDirectoryTest {
    @Inject
    MeterRegistry meters;

    private Service service;
    private AgentDirectory directory;

    @BeforeEach
    void start() throws Exception {
        service = new Service(meters);
        service.linux.register("agent-1", Map.of());
        directory = new AgentDirectory(service.pool());
        directory.refresh();
        service.simulator.clearRequests();
        service.clock.pass(Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void anAgentOfTheLastListIsKnownWithoutACall() {
        assertThat(id(directory.known(new AgentName("AGENT-1")))).isEqualTo(1);
        assertThat(directory.known(new AgentName("agent-2"))).isNull();
        assertThat(service.operations()).isEmpty();
    }

    @Test
    void nothingIsKnownBeforeTheFirstList() {
        AgentDirectory unread = new AgentDirectory(service.pool());

        assertThat(unread.known(new AgentName("agent-1"))).isNull();
        assertThat(unread.listedAt()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void aFailedListLeavesWhatIsKnown() {
        Instant listedAt = directory.listedAt();
        service.simulator.fail(AzureDevOpsFault.countTooLarge(), LIST_AGENTS);

        assertThatExceptionOfType(AzureDevOpsException.class).isThrownBy(directory::refresh);

        assertThat(id(directory.known(new AgentName("agent-1")))).isEqualTo(1);
        assertThat(directory.listedAt()).isEqualTo(listedAt);
    }

    @Test
    void inAPoolThatIsMadeAnewAnIdIsAnotherAgents() throws Exception {
        AgentInPool former = new AgentInPool(99, listed().agent());

        assertThatIOException().isThrownBy(() -> directory.delete(former, service.clock.instant()));

        assertThat(service.operations()).containsExactly(DELETE_AGENT, FIND_AGENT);
        assertThat(service.linux.find("agent-1")).isPresent();
    }

    @Test
    void oneLookUpIsOneCallAndIsRemembered() throws Exception {
        service.linux.register("agent-2", Map.of());

        assertThat(id(directory.lookUp(new AgentName("agent-2"), service.clock.instant())))
                .isEqualTo(2);
        assertThat(id(directory.known(new AgentName("agent-2")))).isEqualTo(2);
        assertThat(directory.lookUp(new AgentName("agent-3"), service.clock.instant()))
                .isNull();
        assertThat(service.operations()).containsExactly(FIND_AGENT, FIND_AGENT);
    }

    @Test
    void aLookUpCostsNothingIfTheListIsNewer() throws Exception {
        Instant since = directory.listedAt();
        service.linux.register("agent-2", Map.of());

        assertThat(id(directory.lookUp(new AgentName("agent-1"), since))).isEqualTo(1);
        assertThat(directory.lookUp(new AgentName("agent-2"), since)).isNull();
        assertThat(service.operations()).isEmpty();

        assertThat(id(directory.lookUp(new AgentName("agent-2"), since.plusNanos(1))))
                .isEqualTo(2);
        assertThat(service.operations()).containsExactly(FIND_AGENT);
    }

    @Test
    void anAgentThatWasDeletedByAnotherIsGoneOnceThereIsNoneOfItsName() throws Exception {
        AgentInPool agent = listed();
        service.linux.remove("agent-1");
        service.simulator.clearRequests();

        assertThat(directory.delete(agent, service.clock.instant())).isFalse();

        assertThat(service.operations()).containsExactly(DELETE_AGENT, FIND_AGENT);
    }

    @Test
    void anAgentThatHasRegisteredAnewIsNotGone() throws Exception {
        AgentInPool agent = listed();
        service.linux.remove("agent-1");
        service.linux.register("agent-1", Map.of());

        assertThatIOException()
                .isThrownBy(() -> directory.delete(agent, service.clock.instant()))
                .withMessage("the agent has registered anew: its id was 1 and is now 2.");
        assertThat(id(directory.known(agent.agent().name()))).isEqualTo(2);
    }

    @Test
    void anAgentThatIsOnlySaidNotToBeThereIsNotGone() throws Exception {
        AgentInPool agent = listed();
        service.simulator.failNext(1, AzureDevOpsFault.htmlNotFound(), DELETE_AGENT);

        assertThatIOException()
                .isThrownBy(() -> directory.delete(agent, service.clock.instant()))
                .withMessage("Azure DevOps can't find the agent 1 and lists it.");
    }

    @Test
    void aNewerListSaysNothingOfAnAgentThatWasForgottenSince() throws Exception {
        Instant since = directory.listedAt();
        AgentName name = new AgentName("agent-1");
        AgentInPool agent = listed();
        service.simulator.failNext(1, AzureDevOpsFault.htmlNotFound(), DELETE_AGENT);
        service.simulator.failNext(1, AzureDevOpsFault.htmlNotFound(), FIND_AGENT);
        assertThatExceptionOfType(AzureDevOpsException.class).isThrownBy(() -> directory.delete(agent, since));
        service.simulator.clearRequests();

        assertThat(id(directory.lookUp(name, since))).isEqualTo(1);
        assertThat(service.operations()).containsExactly(FIND_AGENT);
    }

    @Test
    void lookUpsThatWaitTogetherShareOneList() {
        IntStream.range(0, 500).forEach(i -> service.linux.register("new-" + i, Map.of()));

        List<LookUp> lookUps = behindASlowOne(500);

        assertThat(lookUps)
                .allSatisfy(lookUp -> assertThat(id(lookUp.found.join())).isPositive());
        assertThat(Collections.frequency(service.operations(), FIND_AGENT)).isLessThanOrEqualTo(1);
        assertThat(Collections.frequency(service.operations(), LIST_AGENTS)).isBetween(1, 2);
    }

    @Test
    void lookUpsThatWaitForAListFailWithIt() {
        service.simulator.fail(AzureDevOpsFault.serverError(), LIST_AGENTS);

        List<LookUp> lookUps = behindASlowOne(20);

        assertThat(lookUps.stream().filter(LookUp::failed)).hasSize(19);
        assertThat(Collections.frequency(service.operations(), LIST_AGENTS)).isOne();
    }

    @Test
    void aLookUpAfterAFailureIsMadeAnew() throws Exception {
        service.simulator.fail(AzureDevOpsFault.serverError(), LIST_AGENTS);
        behindASlowOne(20);

        service.simulator.heal();

        assertThat(directory.lookUp(new AgentName("new-1"), service.clock.instant()))
                .isNull();
    }

    @Test
    void whetherAgentsAreStillBusyIsAskedForByOneListInAll() throws Exception {
        Instant busyAt = service.clock.instant();
        service.clock.pass(Duration.ofSeconds(1));
        service.linux.register("agent-2", Map.of());
        service.linux.busy("agent-1", true);

        assertThat(directory.isStillBusy(new AgentName("agent-1"), busyAt, service.clock.instant()))
                .isTrue();
        assertThat(directory.isStillBusy(new AgentName("agent-2"), busyAt, service.clock.instant()))
                .isFalse();
        assertThat(directory.isStillBusy(new AgentName("has-gone"), busyAt, service.clock.instant()))
                .isFalse();
        assertThat(service.operations()).containsExactly(LIST_AGENTS);
    }

    @Test
    void aListThatIsNoLaterThanAnAgentWasBusySaysNothingElse() throws Exception {
        AgentName agent = new AgentName("agent-1");
        Instant busyAt = service.clock.instant();

        assertThat(directory.isStillBusy(agent, busyAt, busyAt)).isTrue();
        assertThat(service.operations()).containsExactly(LIST_AGENTS);

        service.clock.pass(Duration.ofSeconds(10));
        assertThat(directory.isStillBusy(agent, busyAt, busyAt)).isTrue();
        assertThat(directory.isStillBusy(agent, busyAt, busyAt.plusNanos(1))).isFalse();
        assertThat(service.operations()).containsExactly(LIST_AGENTS, LIST_AGENTS);
    }

    @Test
    void nobodyWaitsForAListThatIsUnderWayToHearThatAnAgentIsBusy() throws Exception {
        Instant busyAt = service.clock.instant();
        service.clock.pass(Duration.ofSeconds(1));
        AzureDevOpsFault.Handle silence = service.simulator.fail(AzureDevOpsFault.hang(), LIST_AGENTS);
        CompletableFuture<Boolean> asked =
                CompletableFuture.supplyAsync(() -> isStillBusy(busyAt), Thread::startVirtualThread);
        await().until(() -> service.operations().equals(List.of(LIST_AGENTS)));

        assertThat(isStillBusy(busyAt)).isTrue();

        assertThat(asked).isNotDone();
        silence.clear();
        await().until(asked::isCompletedExceptionally);
    }

    private boolean isStillBusy(Instant busyAt) {
        try {
            return directory.isStillBusy(new AgentName("agent-1"), busyAt, service.clock.instant());
        } catch (AzureDevOpsException | InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void ofAgentsWhoseNamesDifferByCaseTheOneThatIsSpeltSoIsTaken() throws Exception {
        service.linux.addRaw("{\"id\":11,\"name\":\"Twin\"}");
        service.linux.addRaw("{\"id\":12,\"name\":\"twin\"}");

        assertThat(id(directory.lookUp(new AgentName("Twin"), service.clock.instant())))
                .isEqualTo(11);
        assertThat(id(directory.lookUp(new AgentName("twin"), service.clock.instant())))
                .isEqualTo(12);
        assertThat(directory.lookUp(new AgentName("TWIN"), service.clock.instant()))
                .isNull();

        directory.refresh();
        assertThat(id(directory.known(new AgentName("Twin")))).isEqualTo(11);
        assertThat(id(directory.known(new AgentName("twin")))).isEqualTo(12);
        assertThat(directory.known(new AgentName("TWIN"))).isNull();
    }

    /** That many look-ups, of which the first is under way and the others wait for it; ended when this returns. */
    private List<LookUp> behindASlowOne(int number) {
        service.simulator.failNext(1, AzureDevOpsFault.delay(Duration.ofSeconds(1)), FIND_AGENT);
        LookUp first = new LookUp("new-0");
        await().until(() -> service.operations().equals(List.of(FIND_AGENT)));
        List<LookUp> others =
                IntStream.range(1, number).mapToObj(i -> new LookUp("new-" + i)).toList();
        List<LookUp> all = Stream.concat(Stream.of(first), others.stream()).toList();
        await().until(() -> all.stream().allMatch(lookUp -> lookUp.found.isDone()));
        return all;
    }

    /** The one agent, as the pool's list has it. */
    private AgentInPool listed() throws Exception {
        directory.refresh();
        service.simulator.clearRequests();
        return Objects.requireNonNull(directory.known(new AgentName("agent-1")));
    }

    private static int id(@Nullable AgentInPool known) {
        return known == null ? 0 : known.agent().id();
    }

    /** A look-up in a thread of its own. */
    private final class LookUp {
        private final CompletableFuture<@Nullable AgentInPool> found;

        LookUp(String name) {
            Instant since = service.clock.instant();
            found = CompletableFuture.supplyAsync(() -> lookUp(name, since), Thread::startVirtualThread);
        }

        boolean failed() {
            return found.isCompletedExceptionally();
        }

        private @Nullable AgentInPool lookUp(String name, Instant since) {
            try {
                return directory.lookUp(new AgentName(name), since);
            } catch (AzureDevOpsException | InterruptedException e) {
                throw new CompletionException(e);
            }
        }
    }
}
