package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonReader;
import dev.agentreaper.health.Printable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Signs in with what another program prints, such as {@code kubelogin}, {@code aws} or {@code gke-gcloud-auth-plugin}.
 *
 * @see <a href="https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins">
 *     client-go credential plugins</a>
 */
final class ExecPlugin implements SignIn {
    private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(1);
    private static final int READ_AT_MOST = 1_000_000;
    private static final String GROUP = "client.authentication.k8s.io/";
    private static final Set<String> VERSIONS = Set.of(GROUP + "v1", GROUP + "v1beta1", GROUP + "v1alpha1");

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
        if (!VERSIONS.contains(apiVersion)) {
            throw new IllegalArgumentException(
                    "apiVersion «%s» of %s is not supported; use %sv1".formatted(apiVersion, exec.name(), GROUP));
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
        all.put("KUBERNETES_EXEC_INFO", info(apiVersion, exec.flag("provideClusterInfo") ? cluster : null));
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

    /** What a plug-in is told of its caller: an {@code ExecCredential} without a status. */
    private static String info(String apiVersion, @Nullable KubeconfigEntry cluster) {
        JsonObject spec = new JsonObject();
        spec.addProperty("interactive", false);
        if (cluster != null) {
            spec.add("cluster", info(cluster));
        }
        JsonObject info = new JsonObject();
        info.addProperty("apiVersion", apiVersion);
        info.addProperty("kind", "ExecCredential");
        info.add("spec", spec);
        return info.toString();
    }

    private static JsonObject info(KubeconfigEntry cluster) {
        JsonObject info = new JsonObject();
        for (String field : List.of("server", "tls-server-name", "certificate-authority-data", "proxy-url")) {
            String text = cluster.text(field);
            if (text != null) {
                info.addProperty(field, text);
            }
        }
        info.addProperty("insecure-skip-tls-verify", cluster.flag("insecure-skip-tls-verify"));
        for (Object extension : cluster.list("extensions")) {
            if (extension instanceof Map<?, ?> map && (GROUP + "exec").equals(map.get("name"))) {
                info.add("config", new Gson().toJsonTree(map.get("extension")));
            }
        }
        return info;
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
            return read(output.join());
        } catch (TimeoutException e) {
            throw new IOException("%s did not end within %d s".formatted(called, ANSWERS_WITHIN.toSeconds()), e);
        } catch (ExecutionException e) {
            throw new IOException("what %s prints can't be read".formatted(called), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(called + " was interrupted");
        } finally {
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

    /** Reads an {@code ExecCredential}. */
    private Identity read(String json) throws IOException {
        var printed = new Object() {
            String kind = "";
            String apiVersion = "";
            String token = "";
            String certificate = "";
            String key = "";
            String until = "";
        };
        try {
            Json.object(new JsonReader(new StringReader(json)), (field, value) -> {
                switch (field) {
                    case "kind" -> printed.kind = Json.stringOrEmpty(value);
                    case "apiVersion" -> printed.apiVersion = Json.stringOrEmpty(value);
                    case "status" ->
                        Json.object(value, (inStatus, credential) -> {
                            switch (inStatus) {
                                case "token" -> printed.token = Json.stringOrEmpty(credential);
                                case "clientCertificateData" -> printed.certificate = Json.stringOrEmpty(credential);
                                case "clientKeyData" -> printed.key = Json.stringOrEmpty(credential);
                                case "expirationTimestamp" -> printed.until = Json.stringOrEmpty(credential);
                                default -> credential.skipValue();
                            }
                        });
                    default -> value.skipValue();
                }
            });
        } catch (IOException | IllegalStateException e) {
            // What it printed may be a secret, and the reader's message has a part of it.
            throw new IOException(called + " did not print an ExecCredential as JSON");
        }
        if (!printed.kind.equals("ExecCredential") || !printed.apiVersion.equals(apiVersion)) {
            throw new IOException("%s did not print an ExecCredential of %s".formatted(called, apiVersion));
        }
        boolean certified = !printed.certificate.isEmpty() && !printed.key.isEmpty();
        if (printed.token.isEmpty() && !certified) {
            throw new IOException(called + " printed neither a token nor a certificate with its key");
        }
        return new Identity(
                printed.token.isEmpty()
                        ? null
                        : Identity.bearer(new Content.Given("the token of " + called, printed.token)),
                certified
                        ? new ClientCertificate(
                                new Content.Given("the certificate of " + called, printed.certificate),
                                new Content.Given("the key of " + called, printed.key))
                        : null,
                until(printed.until));
    }

    private @Nullable Instant until(String text) throws IOException {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IOException(called + " printed an expirationTimestamp that is no time", e);
        }
    }
}
