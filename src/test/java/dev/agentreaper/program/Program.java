package dev.agentreaper.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.simulator.Directories;
import dev.agentreaper.simulator.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The packaged program in a process of its own, with nothing in its environment but what it is given. The system property
 * {@code agent.reaper.executable} names a native executable to use in place of the JVM's program.
 */
public final class Program implements AutoCloseable {
    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final int port;
    private final Path directory;
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> readers = new ArrayList<>();
    private final Leaks leaks;

    private Program(Process process, int port, Path directory, Leaks leaks, Consumer<String> eachLogLine) {
        this.process = process;
        this.port = port;
        this.directory = directory;
        this.leaks = leaks;
        readers.add(reader(process.getErrorStream(), line -> {
            log.add(line);
            leaks.lookInto(line);
            eachLogLine.accept(line);
        }));
        readers.add(reader(process.getInputStream(), line -> {
            output.add(line);
            leaks.lookInto(line);
        }));
    }

    /** What the program is started with. */
    public static final class Builder {
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> vmOptions = new ArrayList<>();
        private Consumer<String> eachLogLine = line -> {};
        private String file = "";
        private List<String> enter = List.of();
        private Path jar = JAR;
        private String executable = System.getProperty("agent.reaper.executable", "");

        private Builder() {}

        public Builder env(String name, Object value) {
            environment.put(name, value.toString());
            return this;
        }

        public Builder without(String name) {
            environment.remove(name);
            return this;
        }

        /** An option that the JVM and a native executable both take, such as {@code -Xmx32m}. */
        public Builder vmOption(String option) {
            vmOptions.add(option);
            return this;
        }

        /** Another {@code quarkus-run.jar} than that of the build. */
        public Builder jar(Path other) {
            jar = other;
            return this;
        }

        /** Another native executable than the system property names; the JVM's program if it is empty. */
        public Builder executable(String other) {
            executable = other;
            return this;
        }

        /** The content of {@code config/application.yaml} in the working directory. */
        public Builder file(String yaml) {
            file = yaml;
            return this;
        }

        /** The command by which another command is run, with the program's own and its arguments added to it. */
        public Builder by(List<String> command) {
            enter = command;
            return this;
        }

        public Builder onLogLine(Consumer<String> each) {
            eachLogLine = each;
            return this;
        }

        public Program start(String... arguments) {
            try {
                int port = Ports.free();
                Path directory = Files.createTempDirectory("agent-reaper-");
                if (!file.isEmpty()) {
                    Files.createDirectory(directory.resolve("config"));
                    Files.writeString(directory.resolve("config").resolve("application.yaml"), file);
                }
                ProcessBuilder builder = new ProcessBuilder(Stream.of(enter, command(), List.of(arguments))
                                .flatMap(List::stream)
                                .toList())
                        .directory(directory.toFile());
                builder.environment().clear();
                builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
                builder.environment().putAll(environment);
                return new Program(builder.start(), port, directory, new Leaks(environment), eachLogLine);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** How it is started, but for its arguments. */
        List<String> command() {
            List<String> command = new ArrayList<>();
            if (!executable.isEmpty()) {
                command.add(Path.of(executable).toAbsolutePath().toString());
                command.addAll(vmOptions);
            } else {
                command.add(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
                command.addAll(vmOptions);
                command.addAll(List.of("-jar", jar.toString()));
            }
            return command;
        }
    }

    public static Builder with() {
        return new Builder();
    }

    /** What it has logged so far. */
    public List<String> log() {
        synchronized (log) {
            return List.copyOf(log);
        }
    }

    /** What it has written to stdout so far. */
    public String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    /** Its working directory, which is its own. */
    Path directory() {
        return directory;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The status of a GET, or 0 where nothing answers. */
    public int status(String path) {
        try {
            return HTTP.send(HttpRequest.newBuilder(url(path)).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The body of a GET. */
    public String get(String path) {
        return get(path, "*/*");
    }

    /** The body of a GET that asks for this type. */
    String get(String path, String accept) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(url(path)).header("Accept", accept).build();
            String body = HTTP.send(request, BodyHandlers.ofString()).body();
            leaks.lookInto(body);
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public boolean isReady() {
        return status("/q/health/ready") == 200;
    }

    /** Sends SIGTERM. */
    public void terminate() {
        // The process's own method would close its streams, and what it writes as it ends would be lost.
        process.toHandle().destroy();
    }

    /** Sends SIGKILL. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for its end, and for all that it wrote. */
    public int exitCode(Duration within) {
        try {
            if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("it has not ended within " + within + ": " + log);
            }
            for (Thread reader : readers) {
                reader.join();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws AssertionError if it has shown what it signs in with */
    @Override
    public void close() {
        kill();
        exitCode(Duration.ofSeconds(30));
        Directories.delete(directory);
        leaks.assertNone();
    }

    private static Thread reader(InputStream stream, Consumer<String> eachLine) {
        return Thread.ofVirtual().start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                reader.lines().forEach(eachLine);
            } catch (IOException | UncheckedIOException e) {
                // The process was killed.
            }
        });
    }
}
