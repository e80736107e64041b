package dev.agentreaper.kubernetes.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.log.Printable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Signs in with what another program prints, such as {@code kubelogin}, {@code aws} or {@code gke-gcloud-auth-plugin}.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins">
 *     client-go credential plugins</a>
 */
final class ExecPlugin implements ClusterSignIn {
    private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(1);
    private static final int READ_AT_MOST = 1_000_000;

    private final String called;
    private final String apiVersion;
    private final List<String> command;
    private final Map<String, String> environment;

    private ExecPlugin(String called, String apiVersion, List<String> command, Map<String, String> environment) {
        this.called = called;
        this.apiVersion = apiVersion;
        this.command = command;
        this.environment = environment;
    }

    /**
     * @param environment ours, which it inherits
     * @throws IllegalArgumentException with what is wrong, for the operator
     */
    static ExecPlugin of(KubeconfigEntry exec, KubeconfigEntry cluster, Map<String, String> environment) {
        String command = exec.text("command");
        String apiVersion = String.valueOf(exec.text("apiVersion"));
        if (command == null) {
            throw new IllegalArgumentException(exec.name() + " names no command");
        }
        if (!ExecCredential.VERSIONS.contains(apiVersion)) {
            throw new IllegalArgumentException("apiVersion «%s» of %s is not supported; use %s"
                    .formatted(apiVersion, exec.name(), ExecCredential.LATEST));
        }
        if ("Always".equals(exec.text("interactiveMode"))) {
            throw new IllegalArgumentException(
                    "%s runs «%s», which needs a terminal, and here is none; use a plug-in that does not, or a token"
                            .formatted(exec.name(), command));
        }
        List<String> line = new ArrayList<>();
        line.add(program(command, exec, environment).toString());
        exec.list("args").forEach(argument -> line.add(String.valueOf(argument)));
        Map<String, String> all = new HashMap<>(environment);
        for (Object variable : exec.list("env")) {
            if (variable instanceof Map<?, ?> map && map.get("name") instanceof String name) {
                all.put(name, map.get("value") == null ? "" : String.valueOf(map.get("value")));
            }
        }
        all.put(
                "KUBERNETES_EXEC_INFO",
                ExecCredential.request(apiVersion, exec.flag("provideClusterInfo") ? cluster : null));
        return new ExecPlugin("the exec plug-in «%s»".formatted(command), apiVersion, List.copyOf(line), all);
    }

    private static Path program(String command, KubeconfigEntry exec, Map<String, String> environment) {
        if (command.contains("/")) {
            Path program = exec.directory().resolve(command);
            if (Files.isExecutable(program)) {
                return program;
            }
            throw new IllegalArgumentException(
                    "%s runs %s, which is no program here%s".formatted(exec.name(), program, hint(exec)));
        }
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, command))
                .filter(program -> Files.isExecutable(program) && !Files.isDirectory(program))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "%s runs «%s», which no directory of PATH has%s".formatted(exec.name(), command, hint(exec))));
    }

    private static String hint(KubeconfigEntry exec) {
        String hint = exec.text("installHint");
        return "; install it, or give the user a token" + (hint == null ? "" : ": " + Printable.of(hint.strip()));
    }

    /** Runs it. */
    @Override
    public Identity identity() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("%s can't be run (%s)".formatted(called, e.getMessage()), e);
        }
        try {
            CompletableFuture<String> output = text(process.getInputStream());
            CompletableFuture<String> errors = text(process.getErrorStream());
            CompletableFuture.allOf(output, errors, process.onExit())
                    .get(ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            if (process.exitValue() != 0) {
                String complaint = errors.join();
                throw new IOException("%s ended with %d%s"
                        .formatted(
                                called,
                                process.exitValue(),
                                complaint.isBlank() ? "" : ": " + Printable.of(complaint.strip())));
            }
            return ExecCredential.read(output.join(), apiVersion, called);
        } catch (TimeoutException e) {
            throw new IOException("%s did not end within %d s".formatted(called, ANSWERS_WITHIN.toSeconds()), e);
        } catch (ExecutionException e) {
            throw new IOException("what %s prints can't be read".formatted(called), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(called + " was interrupted");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static CompletableFuture<String> text(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (stream) {
                        byte[] text = stream.readNBytes(READ_AT_MOST + 1);
                        if (text.length > READ_AT_MOST) {
                            throw new IOException("more than %d bytes".formatted(READ_AT_MOST));
                        }
                        return new String(text, UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                work -> Thread.ofPlatform().daemon().start(work));
    }
}
