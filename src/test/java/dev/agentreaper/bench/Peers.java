package dev.agentreaper.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What else there is, each run as a process like ours. */
final class Peers {
    static final String CURL_AND_JQ = "curl and jq";

    private static final Path SCRIPT = Path.of("src", "test", "bench", "sweep-with-curl-and-jq.sh");

    private Peers() {}

    /** {@link NaiveWatcher} on the JVM that the bench has, with the heap that a JVM takes by itself. */
    static Watcher naiveWatcher() {
        return new Naive("naive watcher");
    }

    /** The programs without which the script can't run and that are not here. */
    static List<String> missingForScript() {
        return Stream.of("bash", "curl", "jq")
                .filter(program -> !isOnPath(program))
                .toList();
    }

    /** Runs the script to its end: every offline agent of the pool is deleted. */
    static void sweepWithCurlAndJq(Stage stage) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", SCRIPT.toString());
        builder.environment()
                .putAll(Map.of(
                        "AZP_URL", stage.azure.url().toString(),
                        "AZP_POOL", stage.pool.name(),
                        "AZP_TOKEN", stage.azure.token()));
        Process process = start(builder);
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("%s did not end, or not well".formatted(SCRIPT));
        }
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Naive(String name) implements Watcher {
        @Override
        public Running start(Stage stage, Map<String, String> settings) throws InterruptedException {
            int watches = stage.kubernetes.openWatches();
            Process process = Peers.start(new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    NaiveWatcher.class.getName(),
                    stage.kubernetes.url() + "/api/v1/namespaces/" + Stage.NAMESPACE
                            + "/pods?watch=true&labelSelector=app%3Dagent",
                    stage.kubernetes.token(),
                    stage.azure.url() + "/_apis/distributedtask/pools/" + stage.pool.id() + "/agents",
                    stage.azure.token()));
            Started started = new Started(process);
            try {
                Stage.await("the naive watcher's watch", () -> stage.kubernetes.openWatches() > watches);
            } catch (IllegalStateException e) {
                started.close();
                throw e;
            }
            return started;
        }

        private record Started(Process process) implements Running {
            @Override
            public ProcessCost cost() {
                return new ProcessCost(process.pid());
            }

            @Override
            public void close() {
                process.destroyForcibly();
                process.onExit().join();
            }
        }
    }
}
