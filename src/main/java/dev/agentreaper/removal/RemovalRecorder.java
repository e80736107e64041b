package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.log.Facts;
import dev.agentreaper.log.Printable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/** Records how removals of one pool ended, each once, in the log and in the metrics; and remembers the last. Thread-safe. */
public final class RemovalRecorder {
    private static final Logger LOG = Logger.getLogger(RemovalRecorder.class);

    private static final Duration[] BUCKETS = LongStream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final int REMEMBERED = 50;

    private final String pool;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Deque<Removal> last = new ArrayDeque<>();
    private final Timer reaction;

    public RemovalRecorder(String pool, InstantSource clock, MeterRegistry meters) {
        this.pool = pool;
        this.clock = clock;
        this.meters = meters;
        // From the start, since Prometheus sees no increase in what begins with one.
        this.reaction = Timer.builder("agent_reaper_reaction")
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
        for (Trigger trigger : Trigger.values()) {
            for (Outcome.Kind kind : Outcome.Kind.values()) {
                counter(trigger, kind);
            }
        }
    }

    /**
     * Records one. Where that fails, it is over all the same: its agent must not be waited for.
     *
     * @param pods the pods that are gone; none for a sweep, which sees no pod
     * @param took since the event was received, or the sweep turned to the agent
     */
    public void record(AgentName agent, Set<PodKey> pods, Trigger trigger, Duration took, Outcome outcome) {
        try {
            tell(agent, pods, trigger, took, outcome);
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "not recorded: pool=%s %s", pool, outcome.kind().label());
        }
    }

    private void tell(AgentName agent, Set<PodKey> pods, Trigger trigger, Duration took, Outcome outcome) {
        counter(trigger, outcome.kind()).increment();
        if (outcome.isNews()) {
            remember(new Removal(clock.instant(), agent, pods, trigger, took, outcome));
        }
        Facts facts = new Facts()
                .andField("outcome", outcome.kind().label())
                .and("pool", pool)
                .and("agent", Printable.of(agent.value()))
                .and("pod", pods.isEmpty() ? null : Printable.of(String.join(",", PodKey.names(pods))))
                .and("trigger", trigger.label())
                .and("ms", took.toMillis());
        switch (outcome) {
            case Outcome.Removed(int id) -> {
                LOG.infof("removed %s", facts.and("id", id));
                if (trigger == Trigger.EVENT) {
                    reaction.record(took);
                }
            }
            case Outcome.DryRun(int id) -> LOG.infof("would remove (dry-run) %s", facts.and("id", id));
            case Outcome.Kept(KeepReason reason) ->
                LOG.logf(outcome.isNews() ? Level.INFO : Level.DEBUG, "kept %s", facts.and("reason", reason));
            case Outcome.AlreadyGone() -> LOG.debugf("already gone %s", facts);
            case Outcome.GaveUp(String why) ->
                LOG.warnf("gave up %s: %s It is left to the sweep.", facts.andField("problem", why), why);
            case Outcome.Failed(String why, boolean _) ->
                LOG.warnf("not removed %s: %s", facts.andField("problem", why), why);
        }
    }

    /** The last that are worth telling, the latest first. */
    public List<Removal> last() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    private void remember(Removal removal) {
        synchronized (last) {
            last.addFirst(removal);
            if (last.size() > REMEMBERED) {
                last.removeLast();
            }
        }
    }

    private Counter counter(Trigger trigger, Outcome.Kind kind) {
        return meters.counter(
                "agent_reaper_removals", "pool", pool, "trigger", trigger.label(), "outcome", kind.label());
    }
}
