package dev.agentreaper.command;

import dev.agentreaper.azure.PoolMonitor;
import dev.agentreaper.config.ConfigurationException;
import dev.agentreaper.config.Settings;
import dev.agentreaper.config.SettingsReader.Purpose;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.health.Heartbeat;
import dev.agentreaper.health.Vitals;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.removal.RemovalQueue;
import dev.agentreaper.removal.WatchedPods;
import dev.agentreaper.status.PoolSources;
import dev.agentreaper.status.StatusReader;
import dev.agentreaper.status.StatusRoutes;
import dev.agentreaper.sweep.SweepSchedule;
import dev.agentreaper.sweep.Sweeper;
import dev.agentreaper.watch.PodWatches;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.Quarkus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import sun.misc.Signal;

/** Watches and sweeps until it is stopped. */
@Command(
        name = "run",
        description = "Watches agent pods and removes their agents when they are gone, and sweeps; until stopped.",
        mixinStandardHelpOptions = true)
public class RunCommand implements Callable<Integer> {
    private static final Logger LOG = Logger.getLogger(RunCommand.class);
    private static final Duration BEAT_EVERY = Duration.ofSeconds(10);
    private static final Duration BEAT_WITHIN = Duration.ofMinutes(2);

    private final Configuration configuration;
    private final Wiring wiring;
    private final Vitals vitals;
    private final SweepSchedule schedule;
    private final StatusRoutes status;
    private final Version version;
    private final MeterRegistry meters;
    private final InstantSource clock = InstantSource.system();
    private final ScheduledExecutorService timer = timer();

    private final Map<PodSource, PodWatches> watches = new HashMap<>();
    private final List<RemovalQueue> queues = new ArrayList<>();
    private final List<PoolMonitor> monitors = new ArrayList<>();

    RunCommand(
            Configuration configuration,
            Wiring wiring,
            Vitals vitals,
            SweepSchedule schedule,
            StatusRoutes status,
            Version version,
            MeterRegistry meters) {
        this.configuration = configuration;
        this.wiring = wiring;
        this.vitals = vitals;
        this.schedule = schedule;
        this.status = status;
        this.version = version;
        this.meters = meters;
    }

    @Override
    public Integer call() throws InterruptedException {
        Settings settings;
        try {
            Configuration.Ready ready = configuration.read(Purpose.RUN);
            settings = ready.settings();
            List<PoolWiring> pools = wiring.wire(settings, ready.kubernetes(), clock, UnaryOperator.identity());
            List<PoolSources> sources = new ArrayList<>();
            pools.forEach(pool -> sources.add(prepare(pool, ready)));
            status.show(new StatusReader(version.number(), settings.mode(), vitals, sources, schedule, clock));
        } catch (ConfigurationException e) {
            return Faults.tell(e);
        }
        meters.gauge(
                "agent_reaper_info",
                Tags.of("version", version.number(), "mode", settings.mode().label()),
                1);
        Gauge.builder("agent_reaper_ready", vitals, v -> v.isReady() ? 1 : 0).register(meters);
        stopOnSignals();
        start();
        LOG.infof(
                "agent-reaper %s, mode %s, watches %s",
                version.number(),
                settings.mode() == Mode.DRY_RUN ? "dry-run (removes nothing)" : "delete",
                settings.pools().stream()
                        .map(pool -> "%s for pool %s".formatted(pool.pods(), pool.name()))
                        .collect(Collectors.joining(", ")));
        Quarkus.waitForExit();
        stop(settings.shutdownTimeout());
        return ExitCode.OK;
    }

    private PoolSources prepare(PoolWiring pool, Configuration.Ready ready) {
        PodWatches pods = watches.computeIfAbsent(
                pool.settings().pods(), source -> new PodWatches(ready.kubernetes(), source, vitals, clock, meters));
        WatchedPods watched = pods.of(pool.ofPool());
        RemovalQueue queue = pool.queue(watched, timer);
        pods.feed(queue, pool.ofPool());
        queues.add(queue);
        pool.connections().forEach(vitals::add);
        monitors.add(new PoolMonitor(pool.directory(), pool.connection(), vitals.add(new Heartbeat()), clock));
        Sweeper sweeper = null;
        if (pool.settings().sweepEvery() != null) {
            sweeper = pool.sweeper(watched);
            schedule.add(
                    pool.settings().name(),
                    pool.settings().sweepEvery(),
                    sweeper,
                    pods::awaitInSync,
                    vitals.add(new Heartbeat()));
        }
        return pool.sources(queue, sweeper);
    }

    private static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("removal timer").daemon().factory());
        // What a removal plans and does not need any more is not to be kept until its time, a quarter of an hour later.
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private void start() {
        Heartbeat heartbeat = vitals.add(new Heartbeat());
        var _ = timer.scheduleAtFixedRate(
                () -> heartbeat.beat(BEAT_WITHIN), 0, BEAT_EVERY.toSeconds(), TimeUnit.SECONDS);
        watches.values().forEach(PodWatches::start);
        monitors.forEach(PoolMonitor::start);
        schedule.start();
    }

    private void stop(Duration within) throws InterruptedException {
        LOG.infof("stopping: finishing removals in flight, for at most %d s", within.toSeconds());
        Instant deadline = clock.instant().plus(within);
        queues.forEach(RemovalQueue::close);
        monitors.forEach(PoolMonitor::stop);
        schedule.stop(within);
        for (RemovalQueue queue : queues) {
            queue.awaitEnd(Duration.between(clock.instant(), deadline));
        }
        int left = queues.stream().mapToInt(RemovalQueue::size).sum();
        if (left > 0) {
            LOG.infof("%d removal(s) are left to the next start, or the next sweep", left);
        }
        // Not before: nothing is removed without a watch that is in sync.
        watches.values().forEach(PodWatches::stop);
        timer.shutdownNow();
    }

    /** The default would be to exit with 128 and the signal's number, and to leave what is in flight. */
    private static void stopOnSignals() {
        for (String name : List.of("TERM", "INT")) {
            Signal.handle(new Signal(name), signal -> Quarkus.asyncExit(ExitCode.OK));
        }
    }
}
