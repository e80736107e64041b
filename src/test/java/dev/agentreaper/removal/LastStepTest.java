package dev.agentreaper.removal;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_AGENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentInPool;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens between a look at an agent and its DELETE where Azure DevOps asks to wait. */
@QuarkusTest
@Timeout(60)
class LastStepTest {
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration HOLDS_FOR_LESS = Duration.ofMillis(200);
    private static final Duration HOLDS_FOR_MORE = Duration.ofMinutes(1);

    @Inject
    MeterRegistry meters;

    private final InstantSource clock = InstantSource.system();
    private final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    private final AzureDevOpsPool pool = azure.pool("linux");
    private final ReadEachTime look = new ReadEachTime();
    private AgentDirectory directory;
    private Agent listed;

    @BeforeEach
    void list() throws Exception {
        directory = SimulatedDirectory.of(azure, Set.of("CLUSTER"), clock, meters);
        pool.register("agent-1", Map.of("CLUSTER", "a"));
        listed = directory.refresh().agents().getFirst();
    }

    @AfterEach
    void close() {
        azure.close();
    }

    @Test
    void anAgentIsReadAgainWhereTheWaitWasLong() throws Exception {
        azure.failNext(1, AzureDevOpsFault.slowDown(WAIT), GET_AGENT);
        look.afterTheFirst = () -> pool.registerReplacing("agent-1", Map.of("CLUSTER", "b"));

        assertThat(new LastStep(directory, Mode.DELETE, clock, HOLDS_FOR_LESS).take(look))
                .isEqualTo(new Outcome.Kept(KeepReason.NOT_OURS));

        assertThat(look.reads).isEqualTo(2);
        assertThat(pool.agents()).hasSize(1);
    }

    @Test
    void whatWasReadHoldsForAShortWait() throws Exception {
        azure.fail(AzureDevOpsFault.slowDown(WAIT), GET_AGENT);

        assertThat(new LastStep(directory, Mode.DELETE, clock, HOLDS_FOR_MORE).take(look))
                .isEqualTo(new Outcome.Removed(listed.id()));

        assertThat(look.reads).isEqualTo(1);
        assertThat(look.situations).isEqualTo(1);
    }

    @Test
    void whereEachAnswerAsksForALongWaitNothingIsRemoved() {
        azure.fail(AzureDevOpsFault.slowDown(WAIT), GET_AGENT);

        assertThatIOException()
                .isThrownBy(() -> new LastStep(directory, Mode.DELETE, clock, HOLDS_FOR_LESS).take(look))
                .withMessageContaining("Azure DevOps asks us to wait");

        assertThat(azure.requests()).noneMatch(request -> request.operation() == DELETE_AGENT);
    }

    @Test
    void thePodsAreLookedAtAgainAfterAWaitThatCameMeanwhile() throws Exception {
        look.whileLookingAtThePods = () -> {
            azure.failNext(1, AzureDevOpsFault.slowDown(WAIT), GET_AGENT);
            directory.readAgain(listed, clock.instant());
        };

        new LastStep(directory, Mode.DELETE, clock, HOLDS_FOR_MORE).take(look);

        assertThat(look.situations).isEqualTo(2);
        assertThat(pool.agents()).isEmpty();
    }

    private interface Meanwhile {
        void happens() throws IOException, InterruptedException;
    }

    private final class ReadEachTime implements LastStep.Look {
        private final Policy policy = new Policy(
                new Globs(List.of()), Map.of("CLUSTER", "a"), new Globs(List.of()), Duration.ofMinutes(10), 200);
        private @Nullable Meanwhile afterTheFirst;
        private @Nullable Meanwhile whileLookingAtThePods;
        private int reads;
        private int situations;

        @Override
        public @Nullable AgentInPool agent() throws IOException, InterruptedException {
            AgentInPool read = directory.readAgain(listed, clock.instant());
            if (reads++ == 0 && afterTheFirst != null) {
                afterTheFirst.happens();
            }
            return read;
        }

        @Override
        public Situation situation(Agent agent) throws IOException {
            if (situations++ == 0 && whileLookingAtThePods != null) {
                try {
                    whileLookingAtThePods.happens();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            Set<AgentName> none = Set.of();
            return Situation.ofEvent(Trigger.EVENT, policy, clock.instant(), none, none);
        }
    }
}
