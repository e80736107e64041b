package dev.agentreaper.bench;

import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * A cluster and a pool, simulated in this process, for one watcher or sweep at a time; and the moments that reactions are
 * measured between, both by the clock of this process.
 */
final class Stage implements AutoCloseable {
    static final String NAMESPACE = "agents";
    static final String SELECTOR = "app=agent";
    /** Of a pod, in bytes, where nothing else is said. */
    static final int POD_SIZE = 8_000;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    final AzureDevOpsPool pool = azure.pool("bench");
    final KubernetesSimulator kubernetes = KubernetesSimulator.start();
    /** When the bytes of a pod's DELETED event had been written to the watch's socket. */
    final Moments podGone = new Moments();
    /** When the DELETE of an agent had come to Azure DevOps. */
    final Moments agentRemoved = new Moments();

    Stage() {
        kubernetes.createNamespace(NAMESPACE);
        kubernetes.onLeftWritten(pod -> podGone.now(pod.substring(pod.indexOf('/') + 1)));
        azure.onDelete(agent -> agentRemoved.now(agent.name()));
    }

    static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    /** Running pods of these names. */
    void pods(List<String> names, int size) {
        kubernetes.createRunning(NAMESPACE, AgentPod.json(NAMESPACE, "model", size), names);
    }

    /** Running pods of these names, and their agents. */
    void podsWithAgents(List<String> names) {
        pods(names, POD_SIZE);
        agents(names);
    }

    void agents(List<String> names) {
        names.forEach(name -> pool.register(name, Map.of()));
    }

    /** Agents that have been offline for an hour, and whose pods nobody has seen. */
    void stragglers(List<String> names) {
        Instant since = Instant.now().minus(Duration.ofHours(1));
        for (String name : names) {
            pool.register(name, Map.of());
            pool.offlineSince(name, since);
        }
    }

    void podGoes(String name) {
        kubernetes.delete(NAMESPACE, name);
    }

    /** From the event on the wire to the DELETE received, in milliseconds. */
    double reaction(String name) throws InterruptedException {
        return (agentRemoved.of(name) - podGone.of(name)) / 1e6;
    }

    int calls(AzureDevOpsOperation operation) {
        return Math.toIntExact(azure.requests().stream()
                .filter(request -> request.operation() == operation)
                .count());
    }

    /** When the first such request came, by {@link System#nanoTime}. */
    long firstRequest(KubernetesOperation operation) {
        return kubernetes.requests(operation).getFirst().received();
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("still waiting for " + what);
            }
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        azure.close();
        kubernetes.close();
    }
}
