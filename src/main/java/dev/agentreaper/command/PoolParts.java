package dev.agentreaper.command;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.azure.Organization;
import dev.agentreaper.config.Mode;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.health.Connection;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.removal.LivePods;
import dev.agentreaper.removal.Outcomes;
import dev.agentreaper.removal.RemovalQueue;
import dev.agentreaper.removal.Remover;
import dev.agentreaper.sweep.PoolFigures;
import dev.agentreaper.sweep.StragglerRemover;
import dev.agentreaper.sweep.Sweeper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

/** The parts that work on one pool, put together. */
final class PoolParts {
    private final PoolSettings settings;
    private final Policy policy;
    private final boolean dryRun;
    private final KubernetesApi kubernetes;
    private final Connection podReads;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final PodSource source;
    private final Connection connection;
    private final AgentPool pool;
    private final AgentDirectory directory;
    private final Outcomes outcomes;

    /** @param policy that of the settings, or another that the command line asks for */
    PoolParts(
            PoolSettings settings,
            Policy policy,
            Mode mode,
            Organization organization,
            KubernetesApi kubernetes,
            Connection podReads,
            InstantSource clock,
            MeterRegistry meters) {
        this.settings = settings;
        this.policy = policy;
        this.dryRun = mode == Mode.DRY_RUN;
        this.kubernetes = kubernetes;
        this.podReads = podReads;
        this.clock = clock;
        this.meters = meters;
        this.source = new PodSource(settings.namespaces(), settings.podSelector(), settings.agentName());
        this.connection = new Connection("pool " + settings.name(), clock);
        this.pool = new AgentPool(
                organization, settings.pool(), policy.capabilities().keySet(), connection, clock);
        this.directory = new AgentDirectory(pool);
        this.outcomes = new Outcomes(settings.name(), meters);
    }

    PoolSettings settings() {
        return settings;
    }

    PodSource source() {
        return source;
    }

    Connection connection() {
        return connection;
    }

    AgentDirectory directory() {
        return directory;
    }

    Sweeper sweeper(LivePods livePods) {
        return new Sweeper(
                settings.name(),
                directory,
                kubernetes,
                podReads,
                source,
                policy,
                new StragglerRemover(pool, directory, kubernetes, source, livePods, policy, outcomes, dryRun, clock),
                new PoolFigures(settings.name(), clock.instant(), meters),
                clock);
    }

    RemovalQueue queue(LivePods livePods, ScheduledExecutorService timer) {
        Remover remover = new Remover(pool, directory, kubernetes, podReads, livePods, policy, dryRun, clock);
        RemovalQueue queue = new RemovalQueue(settings.name(), remover, outcomes, settings.retryFor(), clock, timer);
        meters.gauge("agent_reaper_pending_removals", Tags.of("pool", settings.name()), queue, RemovalQueue::size);
        return queue;
    }
}
