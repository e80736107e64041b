package dev.agentreaper.sweep;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.KeepReason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the last sweep of a pool saw, for the metrics. */
public final class PoolFigures {
    private final AtomicLong online;
    private final AtomicLong offline;
    private final AtomicLong lastSweep;
    private final Map<KeepReason, AtomicLong> kept = new EnumMap<>(KeepReason.class);

    /** @param since what counts as the last sweep until there was one */
    public PoolFigures(String pool, Instant since, MeterRegistry meters) {
        this.online = gauge(meters, "agent_reaper_agents", pool, "status", "online");
        this.offline = gauge(meters, "agent_reaper_agents", pool, "status", "offline");
        this.lastSweep = new AtomicLong(since.getEpochSecond());
        Gauge.builder("agent_reaper_last_sweep_timestamp_seconds", lastSweep, AtomicLong::doubleValue)
                .tag("pool", pool)
                .register(meters);
        for (KeepReason reason : KeepReason.values()) {
            kept.put(reason, gauge(meters, "agent_reaper_kept", pool, "reason", reason.name()));
        }
    }

    void seen(Collection<Agent> agents, Map<KeepReason, Long> counts) {
        long on = agents.stream().filter(Agent::online).count();
        online.set(on);
        offline.set(agents.size() - on);
        kept.forEach((reason, gauge) -> gauge.set(counts.getOrDefault(reason, 0L)));
    }

    void swept(Instant at) {
        lastSweep.set(at.getEpochSecond());
    }

    private static AtomicLong gauge(MeterRegistry meters, String name, String pool, String tag, String value) {
        AtomicLong number = new AtomicLong();
        Gauge.builder(name, number, AtomicLong::doubleValue)
                .tag("pool", pool)
                .tag(tag, value)
                .register(meters);
        return number;
    }
}
