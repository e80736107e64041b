package dev.agentreaper.azure;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_POOL;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class AgentPoolTest {
    private static final String BUSY_BODY =
            "{\"message\":\"Agent is running a job\",\"typeKey\":\"TaskAgentJobStillRunningException\"}";

    @Inject
    MeterRegistry meters;

    private Service service;
    private AgentPool pool;

    @BeforeEach
    void start() {
        service = new Service(meters);
        pool = service.pool();
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void agentsAreListedFoundAndReadWithCapabilitiesAndRequest() throws Exception {
        service.linux.register("agent-1", Map.of("CLUSTER", "prod-1", "PATH", "/bin"));
        service.linux.register("agent-2", Map.of());
        service.linux.busy("agent-1", true);
        var agent = new Agent(
                1,
                new AgentName("agent-1"),
                true,
                true,
                true,
                service.linux.find("agent-1").orElseThrow().statusChangedOn(),
                Map.of("CLUSTER", "prod-1"));

        assertThat(pool.list().agents()).hasSize(2).first().isEqualTo(agent);
        assertThat(pool.find(pool.id(), new AgentName("AGENT-1"))).containsExactly(agent);
        assertThat(pool.get(pool.id(), 1)).isEqualTo(agent);
        assertThat(pool.find(pool.id(), new AgentName("agent"))).isEmpty();
        assertThat(service.connection.isReady()).isTrue();
    }

    @Test
    void aListSaysWhenItWasAskedForAndWhatTimeTheServiceHas() throws Exception {
        service.simulator.failNext(1, AzureDevOpsFault.dateMissing(), LIST_AGENTS);

        assertThat(pool.list().date()).isNull();
        service.clock.pass(Duration.ofMinutes(1));
        Listing listing = pool.list();
        assertThat(listing.askedAt()).isEqualTo(service.clock.instant());
        assertThat(listing.date()).isNotNull();
    }

    @Test
    void anAnswerForAnotherNameIsNoFind() throws Exception {
        String others = "{\"count\":2,\"value\":[{\"id\":1,\"name\":\"agent-11\"},{\"id\":2,\"name\":\"Agent-1\"}]}";
        service.simulator.fail(AzureDevOpsFault.answer(200, Map.of(), others), FIND_AGENT);

        assertThat(pool.find(pool.id(), new AgentName("agent-1")))
                .extracting(Agent::id)
                .containsExactly(2);
    }

    @Test
    void anAgentIsDeletedWhateverItsStatus() throws Exception {
        service.linux.register("agent-1", Map.of());

        assertThat(pool.delete(pool.id(), 1)).isTrue();
        assertThat(service.linux.agents()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"id\":1}", "null"})
    void aDeletionMayBeConfirmedWith200(String body) throws Exception {
        service.simulator.fail(AzureDevOpsFault.answer(200, Map.of(), body), DELETE_AGENT);

        assertThat(pool.delete(pool.id(), 1)).isTrue();
    }

    @Test
    void anAgentThatIsNotThereIsNeitherReadNorDeleted() throws Exception {
        assertThat(pool.get(pool.id(), 7)).isNull();
        assertThat(pool.delete(pool.id(), 7)).isFalse();
        assertThat(service.connection.problem()).isNull();
    }

    @Test
    void a404OfWhateverKindSaysThatTheIdIsNotThere() throws Exception {
        service.simulator.fail(AzureDevOpsFault.htmlNotFound(), GET_AGENT, DELETE_AGENT);

        assertThat(pool.get(pool.id(), 7)).isNull();
        assertThat(pool.delete(pool.id(), 7)).isFalse();
    }

    @Test
    void anAgentWithAJobIsBusyAndThePoolIsFine() {
        service.linux.register("agent-1", Map.of());
        service.linux.busy("agent-1", true);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> pool.delete(pool.id(), 1))
                .withMessageContaining("Agent \"agent-1\" is running a job for pool \"linux\"")
                .withMessageContaining("ActivityId")
                .extracting(AzureDevOpsException::kind)
                .isEqualTo(Kind.BUSY);
        assertThat(service.linux.find("agent-1")).isPresent();
        assertThat(service.connection.problem()).isNull();
    }

    @Test
    void anErrorMayBeginWithAByteOrderMark() {
        service.simulator.fail(AzureDevOpsFault.answer(400, Map.of(), "\uFEFF" + BUSY_BODY), DELETE_AGENT);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> pool.delete(pool.id(), 1))
                .extracting(AzureDevOpsException::kind)
                .isEqualTo(Kind.BUSY);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409})
    void aRefusalOfOneAgentSaysNothingOfThePool(int status) {
        service.simulator.fail(AzureDevOpsFault.answer(status, Map.of(), "{\"message\":\"no\"}"), DELETE_AGENT);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(() -> pool.delete(pool.id(), 1))
                .extracting(AzureDevOpsException::kind)
                .isEqualTo(Kind.REFUSED);
        assertThat(service.connection.problem()).isNull();
    }

    @Test
    void aPoolIsLookedUpOnceAndAgainWhenItIsNoMore() throws Exception {
        pool.list();
        pool.list();
        service.simulator.failNext(1, AzureDevOpsFault.poolNotFound(), LIST_AGENTS);
        assertThatExceptionOfType(AzureDevOpsException.class).isThrownBy(pool::list);
        assertThat(service.connection.problem()).isNotNull();
        pool.list();

        assertThat(service.simulator.requests())
                .extracting(ReceivedRequest::operation)
                .containsExactly(FIND_POOL, LIST_AGENTS, LIST_AGENTS, LIST_AGENTS, FIND_POOL, LIST_AGENTS);
        assertThat(service.connection.problem()).isNull();
    }

    @Test
    void aPoolMayBeGivenByItsIdAndItsNameInAnyCase() throws Exception {
        service.linux.register("agent-1", Map.of());

        assertThat(service.pool(service.organization(), "1").list().agents()).hasSize(1);
        assertThat(service.pool(service.organization(), "LINUX").list().agents())
                .hasSize(1);
        assertThat(service.simulator.requests())
                .extracting(ReceivedRequest::operation)
                .containsExactly(GET_POOL, LIST_AGENTS, FIND_POOL, LIST_AGENTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows", "7"})
    void aPoolThatIsNotThereIsAProblemWithACure(String name) {
        AgentPool unknown = service.pool(service.organization(), name);

        assertThatExceptionOfType(AzureDevOpsException.class)
                .isThrownBy(unknown::list)
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND);
                    assertThat(failure.problem().cure()).contains("AZP_POOL");
                    assertThat(service.connection.problem()).isEqualTo(failure.problem());
                });
    }

    @ParameterizedTest
    @CsvSource({
        "hosted, hosted: its machines are Microsoft's",
        "elastic, a scale set's",
        "elastic and more, a scale set's",
        "deployment, a deployment pool"
    })
    void aPoolWhoseAgentsAreNoPodsIsRefusedByNameAndById(String kind, String why) {
        AzureDevOpsPool other = ofKind(kind);
        other.register("agent-1", Map.of());
        Organization organization = service.organization();

        for (String given : List.of("other", Integer.toString(other.id()))) {
            AgentPool refused = service.pool(organization, given);
            for (PoolCall call : PoolCall.values()) {
                assertThatExceptionOfType(AzureDevOpsException.class)
                        .isThrownBy(() -> call.make(refused))
                        .satisfies(failure -> {
                            assertThat(failure.problem().kind()).isEqualTo("not a pool of ours");
                            assertThat(failure.problem().what()).contains("«other» is " + why);
                            assertThat(failure.problem().cure()).contains("set AZP_POOL");
                            assertThat(service.connection.problem()).isEqualTo(failure.problem());
                        });
            }
        }
        assertThat(service.operations()).isEmpty();
        assertThat(other.agents()).hasSize(1);
    }

    private AzureDevOpsPool ofKind(String kind) {
        return switch (kind) {
            case "hosted" -> service.simulator.pool("other").hosted();
            case "elastic" -> service.simulator.pool("other").options("elasticPool");
            case "elastic and more" -> service.simulator.pool("other").options("singleUseAgents, elasticPool");
            default -> service.simulator.deploymentPool("other");
        };
    }

    @Test
    void aPoolOfOtherOptionsIsOneOfOurs() throws Exception {
        service.simulator.pool("other").options("singleUseAgents");

        assertThat(service.pool(service.organization(), "other").list().agents())
                .isEmpty();
    }

    @Test
    void aRefusedPoolIsWorkedWithOnceAnotherHasItsName() throws Exception {
        service.simulator.deploymentPool("other");
        AgentPool pool = service.pool(service.organization(), "other");
        assertThatExceptionOfType(AzureDevOpsException.class).isThrownBy(pool::list);

        service.simulator.pool("other").register("agent-1", Map.of());

        assertThat(pool.list().agents())
                .as("that of agents, and not of deployment groups")
                .hasSize(1);
        assertThat(service.connection.problem()).isNull();
    }
}
