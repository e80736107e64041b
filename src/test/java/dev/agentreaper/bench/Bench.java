package dev.agentreaper.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How fast the program is and what it costs, beside its peers, on simulators in this process:
 * {@code Bench [--native=FILE] [--small] [MEASUREMENT ...]}. All measurements are taken if none is named; small ones only show
 * that they work. Prints tables, and writes {@code target/bench.json}. What it finds never makes it fail.
 */
public final class Bench {
    private static final String NATIVE = "--native=";
    private static final String SMALL = "--small";
    private static final String HEAP = "-Xmx32m";
    private static final Path REPORT = Path.of("target", "bench.json");

    private Bench() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        // What it measures ends with it, also where a signal ends it.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly)));
        int exitCode = 0;
        try {
            measure(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            exitCode = 2;
        }
        // The simulators' virtual threads and the clients' do not keep it.
        System.exit(exitCode);
    }

    private static void measure(List<String> words) throws IOException, InterruptedException {
        Setup setup = new Setup(ours(words), words.contains(SMALL));
        List<Measurement> chosen = chosen(
                all(setup),
                words.stream().filter(word -> !word.startsWith("--")).toList());
        Machine machine = Machine.here();
        System.out.printf(
                "%s%n%nThe JVM's program has %s besides.%n", machine, String.join(" ", AgentReaper.OF_THE_JVM));
        if (setup.small()) {
            System.out.printf(
                    "%nSmall numbers, which show that it works and nothing else; no goal is judged by them.%n");
        }
        if (setup.ours().size() == 1) {
            System.out.printf(
                    "%nOnly the JVM's program: GRAALVM_HOME, or an engine of containers, adds a native one.%n");
        }
        List<Result> results = new ArrayList<>();
        for (Measurement measurement : chosen) {
            Result result =
                    Result.of(measurement, setup.small() ? List.of() : measurement.goals(), System.err::println);
            results.add(result);
            System.out.print(Table.of(result));
            // Again after each, so that a run that is ended early has left what it found.
            JsonReport.write(REPORT, machine, setup.small(), results);
        }
        System.out.printf("%nAs JSON: %s%n", REPORT);
    }

    private static List<AgentReaper> ours(List<String> words) {
        AgentReaper jvm = new AgentReaper("JVM", "", HEAP);
        return Stream.concat(
                        words.stream()
                                .filter(word -> word.startsWith(NATIVE))
                                .map(word -> word.substring(NATIVE.length()))
                                .map(file -> new AgentReaper("native", executable(file), HEAP)),
                        Stream.of(jvm))
                .toList();
    }

    private static String executable(String file) {
        if (!Files.isExecutable(Path.of(file))) {
            throw new IllegalArgumentException(
                    "there is no executable %s. Build one with: make native".formatted(file));
        }
        return file;
    }

    private static List<Measurement> all(Setup setup) {
        SweepScene scene = new SweepScene(setup);
        List<Measurement> all = new ArrayList<>(List.of(
                new Reaction(setup, true),
                new Reaction(setup, false),
                new Burst(setup),
                new SweepCommand(scene),
                new SweepInRun(scene),
                new HeldAndChanging(setup),
                new Idle(setup),
                new Start(setup),
                new Size(setup)));
        all.addAll(Growth.all(setup));
        return all;
    }

    private static List<Measurement> chosen(List<Measurement> all, List<String> names) {
        List<String> known = all.stream().map(Measurement::name).toList();
        names.stream()
                .filter(name -> known.stream().noneMatch(one -> one.startsWith(name)))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new IllegalArgumentException(
                            "there is no measurement %s; there are: %s".formatted(unknown, String.join(" ", known)));
                });
        return all.stream()
                .filter(one -> names.isEmpty() || names.stream().anyMatch(one.name()::startsWith))
                .toList();
    }
}
