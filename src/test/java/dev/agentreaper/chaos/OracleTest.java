package dev.agentreaper.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.chaos.Oracle.Violation;
import dev.agentreaper.chaos.Oracle.Wrong;
import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsPool.Removal;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What it makes of the removal of an agent whose pod lives. */
class OracleTest {
    private static final Duration OFFLINE_FOR = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    private final AzureDevOpsPool pool = azure.pool("Default");
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final Oracle oracle = new Oracle(OFFLINE_FOR, Duration.ofSeconds(10));
    private final Site site = new Site("a", cluster, oracle, Program.with(), line -> {}, new AtomicLong());
    private final PodLife life = new PodLife(site, "azp-0", "azp-0");
    private final Instant received = Instant.now().plus(LONG);

    @BeforeEach
    void createAPod() {
        oracle.expect(life);
        life.created();
        life.register(() -> pool.register(life.agent, Map.of()));
    }

    @AfterEach
    void close() {
        cluster.close();
        azure.close();
    }

    @Test
    void itShouldHaveStayed() {
        pool.offlineSince(life.agent, received.minus(LONG));

        isRemoved();

        assertThat(oracle.violations()).extracting(Violation::wrong).containsExactly(Wrong.SAFETY);
    }

    @Test
    void whereThePodMayNotHaveBeenSelectedASweepMayRemoveWhatWasOfflineForLong() {
        life.leavesSelection();
        pool.offlineSince(life.agent, received.minus(LONG));

        isRemoved();

        assertThat(oracle.violations()).isEmpty();
    }

    @Test
    void whereThePodMayNotHaveBeenSelectedNobodyMayRemoveWhatIsOnlineOrWasJustNow() {
        life.leavesSelection();
        pool.offlineSince(life.agent, received.minusSeconds(5));

        isRemoved();

        assertThat(oracle.violations()).extracting(Violation::wrong).containsExactly(Wrong.SAFETY);
    }

    @Test
    void itShouldHaveStayedOnceThePodIsSelectedAgain() {
        life.leavesSelection();
        life.isSelectedAgain();
        pool.offlineSince(life.agent, received.minus(LONG));

        isRemoved();

        assertThat(oracle.violations()).extracting(Violation::wrong).containsExactly(Wrong.SAFETY);
    }

    private void isRemoved() {
        oracle.judge(new Removal(pool, pool.find(life.agent).orElseThrow(), received, received));
    }
}
