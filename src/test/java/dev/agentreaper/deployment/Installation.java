package dev.agentreaper.deployment;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.deployment.Kubelet.RunningPod;
import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesPod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/** A cluster to install into, with a kubelet for the pods of Agent Reaper, and an organization with a pool. */
final class Installation implements AutoCloseable {
    static final Duration WITHIN = Duration.ofMinutes(2);

    private static final String AGENTS = "app=azdevops-agent";

    final KubernetesApiServer cluster;
    final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    final AzureDevOpsPool pool = azure.pool("my-pool");
    private final Kubelet kubelet;

    /** @param cluster is not closed with the installation; all that was applied stays, and the agent pods go */
    Installation(KubernetesApiServer cluster) {
        this.cluster = cluster;
        kubelet = new Kubelet(cluster);
    }

    /** Applies one of our overlays, with the settings that it needs to run here, and the Secret. */
    void apply(Overlay overlay, Path directory, String mode, String... moreSettings) {
        createNamespace(overlay.namespace());
        Stream<String> settings = Stream.of(
                "REAPER_MODE=" + mode,
                "AZP_URL=" + azure.url(),
                "AZP_POOL=" + pool.name(),
                "REAPER_POD_SELECTOR=" + AGENTS,
                "REAPER_SWEEP_AGENTS=azdevops-agent-*");
        Path written = overlay.in(
                directory, Stream.concat(settings, Stream.of(moreSettings)).toArray(String[]::new));
        reachable(written.resolve("application.yaml"));
        apply(Kubectl.kustomize(written));
        kubectl("-n", overlay.namespace(), "delete", "secret", "azure-devops", "--ignore-not-found");
        kubectl(
                "-n",
                overlay.namespace(),
                "create",
                "secret",
                "generic",
                "azure-devops",
                "--from-literal=token=" + azure.token());
    }

    /** Creates a namespace unless it is there. */
    void createNamespace(String namespace) {
        if (cluster.find("/api/v1/namespaces/" + namespace).isEmpty()) {
            cluster.createNamespace(namespace);
        }
    }

    /** Lets the cluster know the kinds that the Prometheus Operator brings. */
    void knowKindsOfTheOperator() {
        for (String kind : List.of("PodMonitor", "PrometheusRule")) {
            String singular = kind.toLowerCase(Locale.ROOT);
            cluster.createIfAbsent(
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
                    {"metadata": {"name": "%2$ss.monitoring.coreos.com"},
                     "spec": {"group": "monitoring.coreos.com", "scope": "Namespaced",
                              "names": {"kind": "%1$s", "plural": "%2$ss", "singular": "%2$s"},
                              "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema":
                                            {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}""".formatted(kind, singular));
            await().until(() -> cluster.find("/apis/monitoring.coreos.com/v1/namespaces/default/" + singular + "s")
                    .isPresent());
        }
    }

    /** Puts our organization in the place of the example's. */
    private void reachable(Path file) {
        try {
            if (Files.exists(file)) {
                String example = Files.readString(file);
                Files.writeString(
                        file,
                        example.replace(
                                "https://dev.azure.com/my-org", azure.url().toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies objects, a CronJob in the version that the server knows. */
    void apply(List<JsonNode> objects, String... options) {
        String manifests = objects.stream()
                .map(object -> object.toString().replace("\"batch/v1\"", '"' + cluster.cronJobVersion() + '"'))
                .collect(joining(",", "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [", "]}"));
        kubectl(manifests, Stream.concat(Stream.of("apply", "-f", "-"), Stream.of(options)));
    }

    String kubectl(String... arguments) {
        return kubectl("", Stream.of(arguments));
    }

    private String kubectl(String input, Stream<String> arguments) {
        return Kubectl.run(
                input,
                Stream.concat(Stream.of("--kubeconfig=" + cluster.kubeconfig()), arguments)
                        .toArray(String[]::new));
    }

    /** Starts a pod of the Deployment. */
    RunningPod start(String namespace) {
        JsonNode deployment = cluster.get("/apis/apps/v1/namespaces/" + namespace + "/deployments/agent-reaper");
        return kubelet.start(deployment.at("/spec/template"), namespace);
    }

    /** Starts a pod of the Deployment, and returns when it is ready. */
    Program ready(String namespace) {
        Program program = start(namespace).program();
        eventually(program, program::isReady);
        return program;
    }

    /** Runs a pod of the CronJob to its end. */
    Program sweep(String namespace) {
        JsonNode cronJob = cluster.get(
                "/apis/" + cluster.cronJobVersion() + "/namespaces/" + namespace + "/cronjobs/agent-reaper-sweep");
        Program program = kubelet.start(cronJob.at("/spec/jobTemplate/spec/template"), namespace)
                .program();
        program.exitCode(WITHIN);
        return program;
    }

    /** Lets a pod run the agent of its name. */
    void runs(String namespace, String name) {
        createNamespace(namespace);
        cluster.create(
                KubernetesPod.of(namespace, name).label("app", "azdevops-agent").node("node-1"));
        cluster.patchStatus(namespace, name, "Running", Instant.now());
        pool.register(name, Map.of());
    }

    /** Registers an agent that no pod runs. */
    void straggler(String name) {
        pool.register(name, Map.of());
        pool.offlineSince(name, Instant.now().minus(Duration.ofHours(1)));
    }

    boolean hasAgent(String name) {
        return pool.find(name).isPresent();
    }

    static List<String> lines(Program program, String... texts) {
        return program.log().stream()
                .filter(line -> Stream.of(texts).allMatch(line::contains))
                .toList();
    }

    /** Waits for something that a running program does. */
    static void eventually(Program program, Callable<Boolean> condition) {
        try {
            await().atMost(WITHIN)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast("it has ended", () -> !program.isRunning())
                    .until(condition);
        } catch (ConditionTimeoutException | TerminalFailureException e) {
            throw new AssertionError("not done by the program that says " + program.log(), e);
        }
    }

    @Override
    public void close() {
        kubelet.close();
        azure.close();
        kubectl("delete", "pods", "--all-namespaces", "--selector=" + AGENTS, "--grace-period=0", "--force");
    }
}
