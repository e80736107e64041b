package dev.agentreaper.watch;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Heartbeat;
import dev.agentreaper.health.Vitals;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.removal.Ghost;
import dev.agentreaper.removal.RemovalQueue;
import dev.agentreaper.removal.WatchedPods;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** The watches of one source of pods, and the removal queues of the pools that have their agents from there. */
public final class PodWatches {
    private final List<PodWatch> watches;
    private final List<Fed> fed = new CopyOnWriteArrayList<>();
    private final InstantSource clock;

    public PodWatches(KubernetesApi api, PodSource source, Vitals vitals, InstantSource clock, MeterRegistry meters) {
        this.clock = clock;
        // From the start, since Prometheus sees no increase in what begins with one.
        for (Restart reason : Restart.values()) {
            restarts(meters, reason);
        }
        this.watches = source.scopes().stream()
                .map(scope -> new PodWatch(
                        api,
                        scope,
                        source,
                        vitals.add(new Connection("watch of " + scope, clock)),
                        vitals.add(new Heartbeat()),
                        this::gone,
                        reason -> restarts(meters, reason).increment()))
                .toList();
    }

    /** @param ofPool which pods may run an agent of the queue's pool */
    private record Fed(RemovalQueue queue, Predicate<Pod> ofPool) {}

    private static Counter restarts(MeterRegistry meters, Restart reason) {
        return meters.counter("agent_reaper_watch_restarts", "reason", reason.label());
    }

    /**
     * From now on, ghosts go to this queue too.
     *
     * @param ofPool which pods may run an agent of its pool
     */
    public void feed(RemovalQueue queue, Predicate<Pod> ofPool) {
        fed.add(new Fed(queue, ofPool));
    }

    /** The pods of one pool among them. */
    public WatchedPods of(Predicate<Pod> pool) {
        return (agent, such) -> hasPodOf(agent, pool.and(such));
    }

    public void start() {
        watches.forEach(PodWatch::start);
    }

    public void stop() {
        watches.forEach(PodWatch::stop);
    }

    /** Waits until all of them are in sync, at most this long, and says whether they are. */
    public boolean awaitInSync(Duration within) throws InterruptedException {
        Instant until = clock.instant().plus(within);
        for (PodWatch watch : watches) {
            watch.awaitInSync(Duration.between(clock.instant(), until));
        }
        return isInSync();
    }

    private boolean hasPodOf(AgentName agent, Predicate<Pod> such) throws IOException {
        if (!isInSync()) {
            throw new IOException(
                    "the watch of pods is interrupted, so it can't be told whether another pod runs this agent.");
        }
        return watches.stream().anyMatch(watch -> watch.hasPodOf(agent, such));
    }

    private boolean isInSync() {
        return watches.stream().allMatch(PodWatch::isInSync);
    }

    private void gone(GonePod gone) {
        if (gone.pod().agent() instanceof PodAgent.Named(AgentName agent)) {
            Pod pod = gone.pod();
            Ghost ghost = new Ghost(agent, pod.uid(), pod.key(), pod.placeholder(), gone.trigger(), clock.instant());
            fed.stream()
                    .filter(one -> one.ofPool().test(pod))
                    .forEach(one -> one.queue().offer(ghost));
        }
    }
}
