package dev.agentreaper.watch;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Heartbeat;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.KubernetesException;
import dev.agentreaper.kubernetes.PodEvent;
import dev.agentreaper.kubernetes.PodScope;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.kubernetes.PodStream;
import dev.agentreaper.network.Backoff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lists the pods of one scope, then watches them until it is stopped. When the server ends a watch, the next one resumes
 * where it stopped. After a failure, or a watch that said nothing, pods are listed again, with no resourceVersion: after the
 * cluster was restored, a watch from an old one would stay silent.
 */
final class PodWatch {
    private static final Logger LOG = Logger.getLogger(PodWatch.class);
    private static final Duration BEAT_WITHIN = Duration.ofMinutes(15);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
    private static final Duration SHORTEST_WATCH = Duration.ofSeconds(1);

    private final KubernetesApi api;
    private final PodScope scope;
    private final PodSource source;
    private final Connection connection;
    private final Heartbeat heartbeat;
    private final Consumer<GonePod> listener;
    private final Consumer<Restart> onRestart;
    private final PodIndex index = new PodIndex();
    private final ResourceVersions versions = new ResourceVersions();
    private final Deque<GonePod> untold = new ArrayDeque<>();
    private final Thread thread;

    private volatile boolean inSync;
    private volatile boolean stopped;
    private volatile @Nullable Runnable end;
    private int failures;

    /**
     * @param scope one of the source's
     * @param listener is told of each pod that seems to be gone; must not block
     * @param onRestart is told why pods are listed anew
     */
    PodWatch(
            KubernetesApi api,
            PodScope scope,
            PodSource source,
            Connection connection,
            Heartbeat heartbeat,
            Consumer<GonePod> listener,
            Consumer<Restart> onRestart) {
        this.api = api;
        this.scope = scope;
        this.source = source;
        this.connection = connection;
        this.heartbeat = heartbeat;
        this.listener = listener;
        this.onRestart = onRestart;
        this.thread = Thread.ofPlatform().name("watch " + scope).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Ends it; no more pods are told of. */
    void stop() {
        stopped = true;
        thread.interrupt();
        Runnable ended = end;
        if (ended != null) {
            ended.run();
        }
        setInSync(false);
    }

    /** Whether what is known here can be relied on: pods were listed, and the watch has not failed since. */
    boolean isInSync() {
        return inSync;
    }

    /** Waits until it is in sync or stopped, at most this long. */
    synchronized void awaitInSync(Duration within) throws InterruptedException {
        long until = System.nanoTime() + within.toNanos();
        while (!inSync && !stopped && until - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
        }
    }

    private synchronized void setInSync(boolean now) {
        inSync = now;
        notifyAll();
    }

    boolean hasPodOf(AgentName agent, Predicate<Pod> such) {
        return index.hasPodOf(agent, such);
    }

    private void run() {
        @Nullable String version = null;
        while (!stopped) {
            heartbeat.beat(BEAT_WITHIN);
            try {
                if (version == null) {
                    version = list();
                }
                version = follow(version);
                failures = 0;
                if (version == null) {
                    onRestart.accept(Restart.SILENT);
                }
            } catch (ProblemException e) {
                version = null;
                failed(e);
            } catch (RuntimeException | Error e) {
                // Before all else: where memory is short, the rest may fail too.
                setInSync(false);
                version = null;
                LOG.errorf(e, "the watch of %s failed", scope);
                failed(new ProblemException(
                        new Problem(
                                "fault of ours",
                                "the watch of %s failed by a fault of Agent Reaper: %s.".formatted(scope, e),
                                "report it with what the log says."),
                        e));
            }
        }
        heartbeat.end();
    }

    private String list() throws ProblemException {
        List<Pod> pods = new ArrayList<>();
        String version = api.list(scope, pod -> pods.add(source.pod(pod)));
        List<GonePod> gone = index.replace(pods, versions.listed(version));
        setInSync(true);
        tell(gone);
        return version;
    }

    /** @return the resourceVersion from which to go on, once the server has ended the watch; null to list anew */
    private @Nullable String follow(String from) throws ProblemException {
        String version = from;
        boolean heard = false;
        long opened = System.nanoTime();
        // Short, since where pings tell nothing (HTTP/1.1, some proxies) a half-open watch is found by its end alone;
        // spread, so that not all watches of a server end at once.
        Duration timeout = Duration.ofSeconds(ThreadLocalRandom.current().nextLong(25, 36));
        try (PodStream stream = api.watch(scope, version, timeout, by -> end = by)) {
            connection.worked();
            PodEvent event = stream.next();
            while (event != null && !stopped) {
                heard = true;
                failures = 0;
                version = take(event, version);
                event = stream.next();
            }
        }
        if (!heard && System.nanoTime() - opened < SHORTEST_WATCH.toNanos()) {
            // Such as a proxy's empty answer: to go on at once would be to ask without end, and to hear nothing.
            throw odd("the watch of %s ended as soon as it had begun.".formatted(scope));
        }
        // A server that was restored to before this version stays silent until it is there again. Where anything
        // happens in the cluster, there is a bookmark before the end.
        return heard ? version : null;
    }

    private String take(PodEvent event, String version) throws ProblemException {
        return switch (event) {
            case PodEvent.Changed(var pod, String reached) -> {
                String noted = noted(reached, version);
                tell(index.changed(source.pod(pod)));
                yield noted;
            }
            case PodEvent.Left(var pod, String reached) -> {
                String noted = noted(reached, version);
                tell(index.left(source.pod(pod)));
                yield noted;
            }
            case PodEvent.Bookmark(String reached) -> noted(reached, version);
            case PodEvent.Unknown() -> version;
        };
    }

    /** Where the listener fails, the rest is kept for the next time: the index would not tell of it again. */
    private void tell(List<GonePod> gone) {
        untold.addAll(gone);
        while (!untold.isEmpty()) {
            listener.accept(untold.getFirst());
            untold.removeFirst();
        }
    }

    /** @throws ProblemException if it is before what was reached: events out of their order do not say what is so now */
    private String noted(String version, String before) throws ProblemException {
        if (!versions.reached(version, before)) {
            throw odd("the watch of %s went back from resourceVersion %s to %s.".formatted(scope, before, version));
        }
        return version;
    }

    private static ProblemException odd(String what) {
        return new ProblemException(new Problem(
                "odd watch",
                what,
                "where this lasts, look at the API server, or at a proxy that answers in its place."));
    }

    private void failed(ProblemException e) {
        setInSync(false);
        if (stopped) {
            return;
        }
        boolean expired = e instanceof KubernetesException told && told.isExpired();
        onRestart.accept(expired ? Restart.EXPIRED : Restart.FAILED);
        if (!expired) {
            api.connectAnew();
        }
        // That a version is too old is no failure; that it is so again, of the list that has just been read, is one.
        if (!expired || failures > 0) {
            connection.failed(e.problem());
        }
        try {
            Thread.sleep(BACKOFF.spread(++failures));
        } catch (InterruptedException interrupted) {
            // It is stopped.
        }
    }
}
