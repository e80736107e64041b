package dev.agentreaper.removal;

import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import dev.agentreaper.log.Facts;
import dev.agentreaper.log.Printable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
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
    private final MeterRegistry meters;
    private final Deque<Removal> last = new ArrayDeque<>();
    private final Timer reaction;

    public RemovalRecorder(String pool, MeterRegistry meters) {
        this.pool = pool;
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

    /** Records one. Where that fails, it is over all the same: its agent must not be waited for. */
    public void record(Removal removal) {
        try {
            tell(removal);
        } catch (RuntimeException | Error e) {
            LOG.errorf(
                    e,
                    "not recorded: pool=%s %s",
                    pool,
                    removal.outcome().kind().label());
        }
    }

    private void tell(Removal removal) {
        Outcome outcome = removal.outcome();
        counter(removal.trigger(), outcome.kind()).increment();
        if (outcome.isNews()) {
            remember(removal);
        }
        Set<PodKey> pods = removal.pods();
        Facts facts = new Facts()
                .andField("outcome", outcome.kind().label())
                .and("pool", pool)
                .and("agent", Printable.of(removal.agent().value()))
                .and("pod", pods.isEmpty() ? null : Printable.of(String.join(",", PodKey.names(pods))))
                .and("trigger", removal.trigger().label())
                .and("ms", removal.took().toMillis());
        switch (outcome) {
            case Outcome.Removed(int id) -> {
                LOG.infof("removed %s", facts.and("id", id));
                if (removal.trigger() == Trigger.EVENT) {
                    reaction.record(removal.took());
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
