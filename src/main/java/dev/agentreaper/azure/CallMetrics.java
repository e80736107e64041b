package dev.agentreaper.azure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** What the calls of all organizations cost, for the metrics. Thread-safe. */
public final class CallMetrics {
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Counter throttled;
    private final Map<URI, AtomicReference<RateLimit>> left = new ConcurrentHashMap<>();

    public CallMetrics(MeterRegistry meters, InstantSource clock) {
        this.meters = meters;
        this.clock = clock;
        this.throttled = meters.counter("agent_reaper_azure_devops_throttled_seconds");
    }

    Timer.Sample begun() {
        return Timer.start(meters);
    }

    /** @param status that of the answer, or {@code none} */
    void ended(Timer.Sample call, String operation, String status) {
        call.stop(meters.timer("agent_reaper_azure_devops_requests", "operation", operation, "status", status));
    }

    void waited(Duration pause) {
        throttled.increment(pause.toMillis() / 1000.0);
    }

    /** Of several identities that use the same organization, the one that was told last is shown. */
    void told(URI organization, RateLimit now) {
        left.computeIfAbsent(organization, url -> gauge(url, now)).set(now);
    }

    private AtomicReference<RateLimit> gauge(URI organization, RateLimit now) {
        AtomicReference<RateLimit> last = new AtomicReference<>(now);
        Gauge.builder(
                        "agent_reaper_azure_devops_rate_limit_remaining",
                        last,
                        told -> told.get().remainingAt(clock.instant()))
                .tag("organization", organization.toString())
                .register(meters);
        return last;
    }
}
