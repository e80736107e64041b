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
public final class SweepMetrics {
    private final AtomicLong online = new AtomicLong();
    private final AtomicLong offline = new AtomicLong();
    private final AtomicLong lastSweep;
    private final Map<KeepReason, AtomicLong> kept = new EnumMap<>(KeepReason.class);
    private volatile boolean known;

    /** @param since what counts as the last sweep until there was one */
    public SweepMetrics(String pool, Instant since, MeterRegistry meters) {
        gauge(meters, "agent_reaper_agents", pool, "status", "online", online);
        gauge(meters, "agent_reaper_agents", pool, "status", "offline", offline);
        this.lastSweep = new AtomicLong(since.getEpochSecond());
        Gauge.builder("agent_reaper_last_sweep_timestamp_seconds", lastSweep, AtomicLong::doubleValue)
                .tag("pool", pool)
                .register(meters);
        for (KeepReason reason : KeepReason.values()) {
            AtomicLong number = new AtomicLong();
            kept.put(reason, number);
            gauge(meters, "agent_reaper_kept", pool, "reason", reason.name(), number);
        }
    }

    void seen(Collection<Agent> agents, Map<KeepReason, Long> counts) {
        long on = agents.stream().filter(Agent::online).count();
        online.set(on);
        offline.set(agents.size() - on);
        kept.forEach((reason, gauge) -> gauge.set(counts.getOrDefault(reason, 0L)));
        known = true;
    }

    void swept(Instant at) {
        lastSweep.set(at.getEpochSecond());
    }

    /** Not a number until it is known: nobody is to be woken for an empty pool that has not been read yet. */
    private void gauge(MeterRegistry meters, String name, String pool, String tag, String value, AtomicLong number) {
        Gauge.builder(name, () -> known ? number.doubleValue() : Double.NaN)
                .tag("pool", pool)
                .tag(tag, value)
                .register(meters);
    }
}
