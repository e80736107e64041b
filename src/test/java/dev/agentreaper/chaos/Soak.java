package dev.agentreaper.chaos;

import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Chaos for as long as one likes: {@code Soak MINUTES [SEED]}. One cluster has a real API server if the environment variable
 * KUBEBUILDER_ASSETS names its programs; the other is simulated. Exits with 1 if anything went wrong; what the programs logged
 * is in {@code target/soak.log}.
 */
public final class Soak {
    private static final int WORKLOADS_OF_EACH = 48;

    private Soak() {}

    public static void main(String... arguments) throws Exception {
        Duration howLong = Duration.ofMinutes(Long.parseLong(arguments[0]));
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
        boolean real = KubernetesApiServer.assets().isPresent();
        System.out.printf(
                "%s: %d minutes of chaos with seed %d, on %s%n",
                Instant.now(),
                howLong.toMinutes(),
                seed,
                real ? "a real API server and a simulated one" : "two simulated API servers");
        Path log = Path.of("target", "soak.log");
        try (PrintStream lines = new PrintStream(log.toFile());
                Chaos chaos = new Chaos(
                        seed,
                        List.of(
                                real ? KubernetesApiServer.start() : KubernetesSimulator.start(),
                                KubernetesSimulator.start()),
                        WORKLOADS_OF_EACH,
                        () -> Program.with().vmOption("-Xmx96m"),
                        lines::println)) {
            Summary summary = chaos.run(howLong, Chaos.Calm.SHORT_OR_LONG);
            System.out.println(summary);
            System.exit(summary.violations().isEmpty() ? 0 : 1);
        }
    }
}
