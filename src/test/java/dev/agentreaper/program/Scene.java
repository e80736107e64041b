package dev.agentreaper.program;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesCluster;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionFactory;

/** A cluster and an organization, with one namespace and one pool for a test's pods and agents, and the programs between them. */
final class Scene<C extends KubernetesCluster> implements AutoCloseable {
    final C cluster;
    final AzureDevOpsSimulator azure;
    final AzureDevOpsPool pool;
    /** Also the value of the label by which the pods are selected. */
    final String namespace = "agents-" + UUID.randomUUID();

    private final List<Program> programs = new ArrayList<>();
    private int markers;

    Scene(C cluster) {
        this(cluster, AzureDevOpsSimulator.start());
    }

    /** One in an organization that it may share with others. */
    Scene(C cluster, AzureDevOpsSimulator azure) {
        this.cluster = cluster;
        this.azure = azure;
        this.pool = azure.pool("Default");
        cluster.createNamespace(namespace);
    }

    static Scene<KubernetesSimulator> simulated() {
        return new Scene<>(KubernetesSimulator.start());
    }

    /** Waits long: the machine may be busy. */
    static ConditionFactory eventually() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(50));
    }

    /** The program with all that it needs to run here, and no sweeps. */
    Program.Builder configured() {
        return Program.with()
                .env("AZP_URL", azure.url())
                .env("AZP_POOL", pool.name())
                .env("AZP_TOKEN", azure.token())
                .env("REAPER_MODE", "delete")
                .env("REAPER_POD_SELECTOR", "app=" + namespace)
                .env("REAPER_SWEEP_EVERY", "off")
                .env("KUBECONFIG", cluster.kubeconfig())
                .vmOption("-Xmx96m");
    }

    Program started() {
        return started(configured());
    }

    /** Starts it, and returns when it watches pods and has listed the pool. */
    Program started(Program.Builder builder) {
        Program program = start(builder);
        eventually()
                .until(() -> program.isReady()
                        && metric(
                                        program,
                                        "agent_reaper_azure_devops_requests_seconds_count",
                                        "operation=\"list_agents\"",
                                        "status=\"200\"")
                                >= 1);
        return program;
    }

    /** Starts it, whatever becomes of it; it ends with the scene. */
    Program start(Program.Builder builder) {
        Program program = builder.start();
        programs.add(program);
        return program;
    }

    /** The one that was started last. */
    Program program() {
        return programs.getLast();
    }

    /** A pod that the program watches, bound to a node. */
    KubernetesPod pod(String name) {
        return pod(namespace, name);
    }

    KubernetesPod pod(String in, String name) {
        return KubernetesPod.of(in, name).label("app", namespace).node("node-1");
    }

    void runs(KubernetesPod pod) {
        cluster.create(pod);
        cluster.patchStatus(
                pod.namespace(), pod.name(), "Running", Instant.now().truncatedTo(ChronoUnit.SECONDS));
    }

    /** Lets a pod run the agent of its own name. */
    SimulatedAgent runs(String name) {
        runs(pod(name));
        return pool.register(name, Map.of());
    }

    /** Lets so many pods run the agents {@code prefix-0}, {@code prefix-1} and so on. */
    List<String> run(int number, String prefix) {
        List<String> names =
                IntStream.range(0, number).mapToObj(i -> prefix + "-" + i).toList();
        names.forEach(this::runs);
        return names;
    }

    void ends(String pod, String phase) {
        cluster.patchStatus(namespace, pod, phase, null);
    }

    void dies(String pod) {
        cluster.delete(namespace, pod);
    }

    boolean hasAgent(String name) {
        return pool.find(name).isPresent();
    }

    void awaitRemoved(String agent) {
        eventually().until(() -> !hasAgent(agent));
    }

    /** Waits until the programs have come past all that has happened so far, and have nothing more to do for it. */
    void awaitPast() {
        String marker = "marker-" + ++markers;
        runs(marker);
        dies(marker);
        awaitRemoved(marker);
        awaitIdle();
    }

    /** Waits until no program has a removal before it. */
    void awaitIdle() {
        eventually()
                .until(() -> programs.stream()
                        .filter(Program::isRunning)
                        .allMatch(program -> metric(program, "agent_reaper_pending_removals") == 0));
    }

    /** The sum of a metric's values over all series with these labels, each as {@code key="value"}. */
    static double metric(Program program, String name, String... labels) {
        return program.get("/q/metrics")
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    List<ReceivedRequest> requests(AzureDevOpsOperation operation) {
        return azure.requests().stream()
                .filter(request -> request.operation() == operation)
                .toList();
    }

    List<ReceivedRequest> deletesOf(SimulatedAgent agent) {
        return requests(AzureDevOpsOperation.DELETE_AGENT).stream()
                .filter(request -> Integer.valueOf(agent.id()).equals(request.agentId()))
                .toList();
    }

    /** The operations that were asked for, in order, as in {@code GET_AGENT DELETE_AGENT}. */
    String calls() {
        return azure.requests().stream()
                .map(request -> request.operation().name())
                .collect(joining(" "));
    }

    static List<String> linesWith(Program program, String text) {
        return program.log().stream().filter(line -> line.contains(text)).toList();
    }

    /** Warnings, and worse. */
    static List<String> complaints(Program program) {
        return program.log().stream()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR ") || line.contains("Exception"))
                .toList();
    }

    /** Leaves a real cluster as it is: others use it too. */
    @Override
    public void close() {
        programs.forEach(Program::close);
        azure.close();
        if (cluster instanceof KubernetesSimulator) {
            cluster.close();
        }
    }
}
