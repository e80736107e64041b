package dev.agentreaper.bench;

import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Runs the program on the simulators and prints a table: its size and its start, the reaction to one pod at a time, a burst of
 * 500 against what eight connections could do at best, and the memory that pods of different numbers and sizes take.
 */
public final class Bench {
    private static final String NAMESPACE = "agents";
    private static final int SINGLES = 300;
    private static final int WARM_UP = 200;
    private static final int BURST = 500;
    private static final Duration DELETE_TAKES = Duration.ofMillis(50);
    private static final int CONNECTIONS = 8;
    private static final int STARTS = 15;
    private static final String SMALL_HEAP = "-Xmx32m";

    private final AzureDevOpsSimulator azure;
    private final AzureDevOpsPool pool;
    private final KubernetesSimulator kubernetes;
    private final Map<String, Instant> removedAt = new ConcurrentHashMap<>();

    private Bench(AzureDevOpsSimulator azure, KubernetesSimulator kubernetes) {
        this.azure = azure;
        this.pool = azure.pool("bench");
        this.kubernetes = kubernetes;
        azure.onDelete(agent -> removedAt.put(agent.name(), Instant.now()));
        kubernetes.createNamespace(NAMESPACE);
    }

    public static void main(String... arguments) throws Exception {
        row("what", "measured");
        row("size", "%d MB".formatted(megabytes(size())));
        with(Bench::readiness);
        with(bench -> bench.reaction("one pod at a time, agent known: pod gone -> DELETE received", true));
        with(bench -> bench.reaction("one pod at a time, agent unknown: the same", false));
        with(Bench::burst);
        row("memory, no pods", memory(0, 0, SMALL_HEAP));
        row("memory, 3,000 pods of 1 KB", memory(3_000, 100, SMALL_HEAP));
        row("memory, 3,000 pods of 17 KB", memory(3_000, 16_000, SMALL_HEAP));
        row("memory, 10,000 pods of 10 KB", memory(10_000, 9_000, SMALL_HEAP));
        row("the same, heap not limited", memory(10_000, 9_000));
    }

    private interface Measurement {
        void take(Bench bench) throws IOException, InterruptedException;
    }

    private static void with(Measurement measurement) throws IOException, InterruptedException {
        try (AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
                KubernetesSimulator kubernetes = KubernetesSimulator.start()) {
            measurement.take(new Bench(azure, kubernetes));
        }
    }

    private void reaction(String what, boolean known) throws InterruptedException {
        List<String> names = names("agent", WARM_UP + SINGLES);
        names.forEach(name -> comesUp(name, ""));
        if (known) {
            names.forEach(name -> pool.register(name, Map.of()));
        }
        try (Program _ = start()) {
            List<Long> micros = new ArrayList<>();
            for (String name : names) {
                if (!known) {
                    pool.register(name, Map.of());
                }
                Instant began = Instant.now();
                kubernetes.delete(NAMESPACE, name);
                await(name, () -> removedAt.containsKey(name));
                micros.add(Duration.between(began, removedAt.get(name)).toNanos() / 1_000);
            }
            List<Long> sorted =
                    micros.subList(WARM_UP, micros.size()).stream().sorted().toList();
            row(
                    what,
                    "median %.1f ms, p99 %.1f ms; %.2f calls a removal"
                            .formatted(
                                    sorted.get(sorted.size() / 2) / 1000.0,
                                    sorted.get(sorted.size() * 99 / 100) / 1000.0,
                                    (double) calls() / names.size()));
        }
    }

    private void burst() throws InterruptedException {
        List<String> names = names("agent", BURST);
        names.forEach(name -> {
            comesUp(name, "");
            pool.register(name, Map.of());
        });
        azure.answerAfter(DELETE_TAKES, AzureDevOpsOperation.DELETE_AGENT);
        try (Program _ = start()) {
            azure.clearRequests();
            Instant began = Instant.now();
            names.forEach(name -> kubernetes.delete(NAMESPACE, name));
            await("the burst", () -> pool.agents().isEmpty());
            double took = Duration.between(began, Instant.now()).toMillis() / 1000.0;
            double ideal = DELETE_TAKES.toMillis() / 1000.0 * BURST / CONNECTIONS;
            row(
                    "500 pods at once, 50 ms a DELETE, 8 connections",
                    "%.2f s, %.2f times the ideal %.2f s; %d DELETEs, %d lists, %d at once"
                            .formatted(
                                    took,
                                    took / ideal,
                                    ideal,
                                    count(AzureDevOpsOperation.DELETE_AGENT),
                                    count(AzureDevOpsOperation.LIST_AGENTS),
                                    azure.mostAtOnce()));
        }
    }

    private void readiness() throws InterruptedException {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            Instant began = Instant.now();
            try (Program _ = start()) {
                millis.add(Duration.between(began, Instant.now()).toMillis());
            }
        }
        millis.sort(Long::compare);
        row(
                "process started -> ready, %d starts".formatted(STARTS),
                "median %d ms, slowest %d ms".formatted(millis.get(STARTS / 2), millis.getLast()));
    }

    /** What the program takes once it is ready, and the most that it has taken until then. */
    private static String memory(int pods, int padding, String... vmOptions) throws IOException, InterruptedException {
        List<String> status = new ArrayList<>();
        with(bench -> {
            names("agent", pods).forEach(name -> bench.comesUp(name, "x".repeat(padding)));
            try (Program program = bench.start(vmOptions)) {
                status.addAll(Files.readAllLines(Path.of("/proc", Long.toString(program.pid()), "status")));
            }
        });
        return "%d MB resident, %d MB at most".formatted(megabytes(status, "VmRSS"), megabytes(status, "VmHWM"));
    }

    /** A field of the process's status, which Linux gives in kibibytes. */
    private static long megabytes(List<String> status, String field) {
        return status.stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> megabytes(1024 * Long.parseLong(line.replaceAll("\\D", ""))))
                .findFirst()
                .orElseThrow();
    }

    /** The bytes of the executable, or of the directory that the JVM runs. */
    private static long size() throws IOException {
        Path program = Path.of(System.getProperty("agent.reaper.executable", "target/quarkus-app"));
        try (Stream<Path> files = Files.walk(program)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        }
    }

    private static long megabytes(long bytes) {
        return Math.round(bytes / 1e6);
    }

    private Program start() throws InterruptedException {
        return start(SMALL_HEAP);
    }

    private Program start(String... vmOptions) throws InterruptedException {
        Program.Builder builder = Program.with();
        Stream.of(vmOptions).forEach(builder::vmOption);
        Program program = builder.env("KUBECONFIG", kubernetes.kubeconfig())
                .env("AZP_URL", azure.url())
                .env("AZP_POOL", pool.name())
                .env("AZP_TOKEN", azure.token())
                .env("REAPER_MODE", "delete")
                .env("REAPER_POD_SELECTOR", "app=agent")
                .env("REAPER_SWEEP_EVERY", "off")
                .start("run");
        await("readiness", program::isReady);
        return program;
    }

    private void comesUp(String name, String padding) {
        kubernetes.create(KubernetesPod.of(NAMESPACE, name)
                .label("app", "agent")
                .annotation("padding", padding)
                .node("node-1"));
    }

    private long calls() {
        return count(AzureDevOpsOperation.DELETE_AGENT)
                + count(AzureDevOpsOperation.FIND_AGENT)
                + count(AzureDevOpsOperation.GET_AGENT);
    }

    private long count(AzureDevOpsOperation operation) {
        return azure.requests().stream()
                .filter(request -> request.operation() == operation)
                .count();
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + "-" + i).toList();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("still waiting for " + what);
            }
            Thread.sleep(Duration.ofNanos(200_000));
        }
    }

    private static void row(String what, String measured) {
        System.out.printf("%-64s %s%n", what, measured);
    }
}
