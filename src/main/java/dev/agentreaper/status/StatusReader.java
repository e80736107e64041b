package dev.agentreaper.status;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toMap;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Vitals;
import dev.agentreaper.sweep.SweepRow;
import dev.agentreaper.sweep.SweepSchedule;
import dev.agentreaper.sweep.Sweeper.LastSweep;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the status from where it arises. Asks nobody outside. Thread-safe. */
public final class StatusReader {
    private static final int WAITING_SHOWN = 50;
    private static final Comparator<AgentStatus> OFFLINE_FIRST = comparing(
                    (AgentStatus status) -> status.agent().online())
            .thenComparing(status -> status.agent().name().value(), String.CASE_INSENSITIVE_ORDER);

    private final String version;
    private final Mode mode;
    private final Vitals vitals;
    private final List<PoolSources> pools;
    private final SweepSchedule schedule;
    private final InstantSource clock;
    private final Instant startedAt;

    public StatusReader(
            String version,
            Mode mode,
            Vitals vitals,
            List<PoolSources> pools,
            SweepSchedule schedule,
            InstantSource clock) {
        this.version = version;
        this.mode = mode;
        this.vitals = vitals;
        this.pools = List.copyOf(pools);
        this.schedule = schedule;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    Status read() {
        boolean ready = vitals.isReady();
        List<Connection.State> connections =
                vitals.connections().stream().map(Connection::state).toList();
        List<PoolStatus> all = pools.stream().map(this::read).toList();
        // The last, so that all else is before it.
        return new Status(version, mode, startedAt, clock.instant(), ready, connections, all);
    }

    private PoolStatus read(PoolSources pool) {
        AgentDirectory.Known known = pool.directory().known();
        LastSweep lastSweep = pool.sweeper() == null ? null : pool.sweeper().last();
        return new PoolStatus(
                pool,
                agents(known.agents(), lastSweep),
                known.listedAt(),
                known.empty(),
                lastSweep,
                schedule.next(pool.name()),
                pool.queue().size(),
                pool.queue().longestWaiting(WAITING_SHOWN),
                pool.recorder().last());
    }

    private static List<AgentStatus> agents(List<Agent> agents, @Nullable LastSweep lastSweep) {
        Map<Integer, SweepRow> swept = lastSweep == null
                ? Map.of()
                : lastSweep.result().rows().stream()
                        .collect(toMap(row -> row.agent().id(), row -> row, (a, b) -> b));
        return agents.stream()
                .map(agent -> new AgentStatus(agent, swept.get(agent.id())))
                .sorted(OFFLINE_FIRST)
                .toList();
    }
}
