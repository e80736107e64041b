package dev.agentreaper.program;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesCluster;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.SimulatedAgent;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A namespace with agent pods, an organization with their agents, and the program that is run between them. A scene begins
 * with one pool, {@code linux}, of which the variables tell; or it has pools in the file, each in an organization and a
 * namespace of its own.
 */
final class OneShotScene implements AutoCloseable {
    /** For all that is waited for: far more than it takes, as the machine may be busy. */
    static final Duration WITHIN = Duration.ofMinutes(2);

    static final String LABEL = "app";
    static final Map<String, String> CAPABILITIES = Map.of("CLUSTER", "here");

    /** Capabilities that an agent publishes where it runs in a pod. */
    static final Map<String, String> OF_A_POD = Map.of("Agent.Name", "x", "KUBERNETES_SERVICE_HOST", "10.0.0.1");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    final KubernetesCluster cluster;
    final String namespace = "agents-" + UUID.randomUUID();
    final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    final AzureDevOpsPool pool = azure.pool("linux");
    private final Program.Builder program = Program.with();
    private final Map<String, AzureDevOpsSimulator> organizations = new LinkedHashMap<>();
    private final StringBuilder file = new StringBuilder("reaper:\n  pools:\n");

    /** @param cluster is not closed with the scene */
    OneShotScene(KubernetesCluster cluster) {
        this.cluster = cluster;
        cluster.createNamespace(namespace);
        program.env("REAPER_MODE", "delete")
                .env("AZP_URL", azure.url())
                .env("AZP_POOL", "linux")
                .env("AZP_TOKEN", azure.token())
                .env("REAPER_NAMESPACES", namespace)
                .env("REAPER_POD_SELECTOR", LABEL + "=agent")
                .env("REAPER_SWEEP_AGENTS", "agent-*")
                .env("KUBECONFIG", cluster.kubeconfig());
    }

    OneShotScene env(String name, Object value) {
        program.env(name, value);
        return this;
    }

    /** An option that the JVM and a native executable both take. */
    OneShotScene vmOption(String option) {
        program.vmOption(option);
        return this;
    }

    /** The command by which the program is run. */
    OneShotScene by(List<String> command) {
        program.by(command);
        return this;
    }

    OneShotScene without(String name) {
        program.without(name);
        return this;
    }

    /** The text of the file itself. */
    OneShotScene file(String yaml) {
        program.file(yaml);
        return this;
    }

    /**
     * Adds a pool to the file.
     *
     * @param settings those that it has besides, a line of YAML each
     * @return its organization, where it is the pool {@code linux}
     */
    AzureDevOpsSimulator inFile(String name, String... settings) {
        AzureDevOpsSimulator organization = AzureDevOpsSimulator.start();
        inFile(name, organization, organization.url(), settings);
        return organization;
    }

    /** The same, of an organization that is reached at another address than its own. */
    void inFile(String name, AzureDevOpsSimulator organization, URI url, String... settings) {
        organization.pool("linux");
        organizations.put(name, organization);
        cluster.createNamespace(name);
        file.append("    %s:\n      url: %s\n      namespaces: %s\n".formatted(name, url, name));
        for (String setting : settings) {
            file.append("      %s\n".formatted(setting));
        }
        program.file(file.toString());
    }

    /** The organization of a pool in the file. */
    AzureDevOpsSimulator organization(String name) {
        AzureDevOpsSimulator organization = organizations.get(name);
        if (organization == null) {
            throw new IllegalArgumentException("no pool " + name);
        }
        return organization;
    }

    /** The pool of the organization of a pool in the file. */
    AzureDevOpsPool pool(String name) {
        return organization(name).pool("linux");
    }

    KubernetesPod podNamed(String name) {
        return podNamed(namespace, name);
    }

    /** A pod that is bound to a node and has our label, to be created. */
    static KubernetesPod podNamed(String namespace, String name) {
        return KubernetesPod.of(namespace, name).label(LABEL, "agent").node("node-1");
    }

    /** Creates a pod that has just started. */
    void running(KubernetesPod pod) {
        running(pod, Instant.now());
    }

    void running(KubernetesPod pod, Instant since) {
        cluster.create(pod);
        cluster.patchStatus(pod.namespace(), pod.name(), "Running", since);
    }

    void running(String pod) {
        running(podNamed(pod));
    }

    /** Registers an agent that has been offline for an hour. */
    void straggler(String agent) {
        straggler(pool, agent);
    }

    static void straggler(AzureDevOpsPool pool, String agent) {
        offline(pool, agent, Duration.ofHours(1));
    }

    static void offline(AzureDevOpsPool pool, String agent, Duration since) {
        pool.register(agent, CAPABILITIES);
        pool.offlineSince(agent, Instant.now().minus(since));
    }

    static List<String> names(AzureDevOpsPool pool) {
        return pool.agents().stream().map(SimulatedAgent::name).toList();
    }

    Program start(String... arguments) {
        return program.start(arguments);
    }

    /** Runs a command to its end. */
    Ended run(String... arguments) {
        try (Program started = start(arguments)) {
            int exitCode = started.exitCode(WITHIN);
            return new Ended(exitCode, started.output(), started.log());
        }
    }

    /** What {@code check} says, as JSON. */
    Ended check() {
        return run("check", "--output", "json");
    }

    /** All of a text that is one value of JSON. */
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + text, e);
        }
    }

    static List<String> warnings(List<String> log) {
        return log.stream().filter(line -> line.contains(" WARN ")).toList();
    }

    @Override
    public void close() {
        azure.close();
        organizations.values().forEach(AzureDevOpsSimulator::close);
    }

    /** What came of a command. */
    record Ended(int exitCode, String output, List<String> log) {
        List<String> warnings() {
            return OneShotScene.warnings(log);
        }

        /** What {@code check} found to be wrong. */
        List<JsonNode> failedChecks() {
            return json(output)
                    .path("checks")
                    .valueStream()
                    .filter(check -> !check.path("ok").asBoolean())
                    .toList();
        }

        /** What it says of a pool. */
        JsonNode pool(String name) {
            for (JsonNode pool : json(output).path("pools")) {
                if (pool.path("name").asText().equals(name)) {
                    return pool;
                }
            }
            throw new IllegalArgumentException("no pool " + name + " in " + output + log);
        }

        /** By name what it says of each agent of the one pool: {@code REMOVE removed}, {@code KEEP GRACE}. */
        Map<String, String> verdicts() {
            return verdicts("default");
        }

        Map<String, String> verdicts(String pool) {
            return pool(pool)
                    .path("agents")
                    .valueStream()
                    .collect(toMap(agent -> agent.path("name").asText(), Ended::verdict));
        }

        private static String verdict(JsonNode agent) {
            JsonNode more = agent.path(agent.path("reason").isNull() ? "outcome" : "reason");
            return agent.path("verdict").asText() + " " + more.asText();
        }
    }
}
