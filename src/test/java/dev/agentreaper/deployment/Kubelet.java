package dev.agentreaper.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.KubernetesApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Starts the program as a kubelet starts the one container of a pod: with the environment, the arguments and the volumes that
 * the API server has for it, and a token of its service account.
 */
final class Kubelet implements AutoCloseable {
    private static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private final KubernetesApiServer server;
    private final List<RunningPod> pods = new ArrayList<>();

    Kubelet(KubernetesApiServer server) {
        this.server = server;
    }

    /** A pod that runs: its program, and its volumes as they are mounted. */
    final class RunningPod implements AutoCloseable {
        private final JsonNode spec;
        private final String namespace;
        private final Container container = new Container();
        private final Program program;

        private RunningPod(JsonNode spec, String namespace) {
            this.spec = spec;
            this.namespace = namespace;
            mountVolumes();
            Program.Builder builder = Program.with().by(container.enter());
            environment().forEach(builder::env);
            program = builder.start(texts(container().path("args")).toArray(String[]::new));
        }

        Program program() {
            return program;
        }

        @Override
        public void close() {
            program.close();
            container.close();
        }

        /** Writes what the API server has for the volumes now, as the kubelet does each minute. */
        void mountVolumes() {
            for (JsonNode mount : container().path("volumeMounts")) {
                JsonNode volume = spec.path("volumes")
                        .valueStream()
                        .filter(candidate -> candidate.path("name").equals(mount.path("name")))
                        .findFirst()
                        .orElseThrow();
                mount(Path.of(mount.path("mountPath").asText()), content(volume));
            }
            if (spec.path("automountServiceAccountToken").asBoolean()) {
                mount(
                        SERVICE_ACCOUNT,
                        Map.of(
                                "token", bytes(token()),
                                "ca.crt", bytes(server.certificateAuthority().orElseThrow()),
                                "namespace", bytes(namespace)));
            }
        }

        private JsonNode container() {
            return spec.path("containers").path(0);
        }

        private Map<String, String> environment() {
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("LANG", "C.UTF-8");
            environment.put("KUBERNETES_SERVICE_HOST", server.url().getHost());
            environment.put(
                    "KUBERNETES_SERVICE_PORT", Integer.toString(server.url().getPort()));
            for (JsonNode from : container().path("envFrom")) {
                server.get(path("configmaps", from.at("/configMapRef/name").asText()))
                        .path("data")
                        .properties()
                        .forEach(entry ->
                                environment.put(entry.getKey(), entry.getValue().asText()));
            }
            for (JsonNode variable : container().path("env")) {
                String value =
                        switch (variable.at("/valueFrom/fieldRef/fieldPath").asText()) {
                            case "" -> variable.path("value").asText();
                            case "metadata.namespace" -> namespace;
                            default -> throw new IllegalStateException("not known to this kubelet: " + variable);
                        };
                environment.put(variable.path("name").asText(), value);
            }
            return environment;
        }

        private Map<String, byte[]> content(JsonNode volume) {
            Map<String, byte[]> files = new LinkedHashMap<>();
            if (volume.has("secret")) {
                JsonNode secret = volume.path("secret");
                server.find(path("secrets", secret.path("secretName").asText()))
                        .or(() -> {
                            if (secret.path("optional").asBoolean()) {
                                return Optional.empty();
                            }
                            throw new IllegalStateException("MountVolume.SetUp failed: no secret " + secret);
                        })
                        .ifPresent(found -> found.path("data")
                                .properties()
                                .forEach(entry -> files.put(
                                        entry.getKey(),
                                        Base64.getDecoder()
                                                .decode(entry.getValue().asText()))));
            } else if (volume.has("configMap")) {
                server.get(path("configmaps", volume.at("/configMap/name").asText()))
                        .path("data")
                        .properties()
                        .forEach(entry ->
                                files.put(entry.getKey(), bytes(entry.getValue().asText())));
            } else {
                JsonNode source = volume.at("/projected/sources/0/serviceAccountToken");
                files.put(
                        source.path("path").asText(),
                        bytes(token(source.path("audience").asText())));
            }
            return files;
        }

        private String token(String... audiences) {
            return server.serviceAccountToken(
                    namespace, spec.path("serviceAccountName").asText(), audiences);
        }

        private String path(String resource, String name) {
            return "/api/v1/namespaces/" + namespace + "/" + resource + "/" + name;
        }

        /** All files change at once: each is a link into a directory to which a single link points. */
        private void mount(Path path, Map<String, byte[]> files) {
            Path directory = container.inside(path);
            String version = ".." + UUID.randomUUID();
            try {
                Files.createDirectories(directory.resolve(version));
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    Files.write(directory.resolve(version).resolve(file.getKey()), file.getValue());
                }
                Path data = directory.resolve("..data");
                Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(version));
                Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
                for (String name : files.keySet()) {
                    Path link = directory.resolve(name);
                    if (!Files.isSymbolicLink(link)) {
                        Files.createSymbolicLink(link, Path.of("..data", name));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * Starts a pod.
     *
     * @param template of a Deployment or a Job
     */
    RunningPod start(JsonNode template, String namespace) {
        RunningPod pod = new RunningPod(template.path("spec"), namespace);
        pods.add(pod);
        return pod;
    }

    @Override
    public void close() {
        pods.forEach(RunningPod::close);
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
