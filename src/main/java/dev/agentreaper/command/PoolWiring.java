package dev.agentreaper.command;

import dev.agentreaper.azure.AgentDirectory;
import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.azure.Organization;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.health.Connection;
import dev.agentreaper.kubernetes.AgentPods;
import dev.agentreaper.removal.GhostRemover;
import dev.agentreaper.removal.LastStep;
import dev.agentreaper.removal.RemovalQueue;
import dev.agentreaper.removal.RemovalRecorder;
import dev.agentreaper.removal.WatchedPods;
import dev.agentreaper.status.PoolSources;
import dev.agentreaper.sweep.StragglerRemover;
import dev.agentreaper.sweep.SweepMetrics;
import dev.agentreaper.sweep.Sweeper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The parts that work on one pool, put together. */
final class PoolWiring {
    private final PoolSettings settings;
    private final Policy policy;
    private final Organization organization;
    private final AgentPods pods;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Connection connection;
    private final Connection removals;
    private final AgentDirectory directory;
    private final LastStep lastStep;
    private final RemovalRecorder recorder;

    /** @param policy that of the settings, or another that the command line asks for */
    PoolWiring(
            PoolSettings settings,
            Policy policy,
            Mode mode,
            Organization organization,
            AgentPods pods,
            InstantSource clock,
            MeterRegistry meters) {
        this.settings = settings;
        this.policy = policy;
        this.organization = organization;
        this.pods = pods;
        this.clock = clock;
        this.meters = meters;
        this.connection = new Connection("pool " + settings.name(), clock);
        this.removals = Connection.assumedToWork("removals from pool " + settings.name(), clock);
        this.directory = new AgentDirectory(agentPool(Set.of()));
        this.lastStep = new LastStep(directory, mode, clock);
        this.recorder = new RemovalRecorder(settings.name(), meters);
    }

    PoolSettings settings() {
        return settings;
    }

    /** What must work for it: first the pool itself. */
    List<Connection> connections() {
        List<Connection> all = new ArrayList<>(List.of(connection, removals));
        all.addAll(pods.connections());
        return all;
    }

    Connection connection() {
        return connection;
    }

    /** Which of the pods that it selects may run an agent of it. */
    Predicate<Pod> ofPool() {
        return pods.ofPool();
    }

    AgentDirectory directory() {
        return directory;
    }

    /** @param capabilities those to be read of each agent besides what decisions ask for */
    AgentPool agentPool(Set<String> capabilities) {
        Set<String> all = new HashSet<>(policy.capabilities().keySet());
        all.addAll(capabilities);
        return new AgentPool(organization, settings.pool(), all, connection, removals, clock);
    }

    Sweeper sweeper(WatchedPods watched) {
        return new Sweeper(
                settings.name(),
                directory,
                pods,
                policy,
                new StragglerRemover(directory, watched, lastStep, recorder, clock),
                new SweepMetrics(settings.name(), clock.instant(), meters),
                clock);
    }

    RemovalQueue queue(WatchedPods watched, ScheduledExecutorService timer) {
        GhostRemover remover = new GhostRemover(directory, pods, watched, policy, lastStep, clock);
        RemovalQueue queue = new RemovalQueue(
                settings.name(),
                remover,
                recorder,
                settings.retryFor(),
                clock,
                timer,
                Thread.ofPlatform()
                        .name("remove from " + settings.name() + " ", 1)
                        .daemon()
                        .factory());
        meters.gauge("agent_reaper_pending_removals", Tags.of("pool", settings.name()), queue, RemovalQueue::size);
        return queue;
    }

    /** Where its status is read from. */
    PoolSources sources(RemovalQueue queue, @Nullable Sweeper sweeper) {
        return new PoolSources(
                settings.name(),
                settings.url(),
                settings.pool(),
                settings.pods().toString(),
                directory,
                queue,
                recorder,
                sweeper);
    }
}
