package dev.agentreaper.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.simulator.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kustomization of a user's own, beside ours: each of the choices that there are. */
enum Overlay {
    DEFAULT("agent-reaper", "all-namespaces token"),
    ONE_NAMESPACE("build-agents", "one-namespace token"),
    WORKLOAD_IDENTITY("agent-reaper", "all-namespaces workload-identity"),
    SEVERAL_POOLS("agent-reaper", "all-namespaces token several-pools"),
    MONITORING("agent-reaper", "all-namespaces token monitoring"),
    CERTIFICATES("agent-reaper", "all-namespaces token certificates"),
    ALL_AT_ONCE("build-agents", "one-namespace workload-identity several-pools certificates monitoring");

    private static final Path KUBERNETES = Path.of("kubernetes").toAbsolutePath();

    private final String namespace;
    private final String components;

    Overlay(String namespace, String components) {
        this.namespace = namespace;
        this.components = components;
    }

    String namespace() {
        return namespace;
    }

    /** What the API server would be given. */
    List<JsonNode> objects() {
        return Kubectl.kustomize(in(Path.of("target", "overlays", name())));
    }

    /**
     * Writes it.
     *
     * @param settings those of the ConfigMap, {@code NAME=value} each
     * @return the directory
     */
    Path in(Path directory, String... settings) {
        StringBuilder yaml = new StringBuilder("namespace: " + namespace + "\nresources: [" + path(directory, "base")
                + "]\ncomponents: ["
                + Stream.of(components.split(" "))
                        .map(component -> path(directory, "components/" + component))
                        .collect(Collectors.joining(", "))
                + "]\nconfigMapGenerator:\n");
        if (settings.length > 0) {
            yaml.append("  - name: agent-reaper\n    behavior: merge\n    literals:\n");
            Stream.of(settings)
                    .forEach(
                            setting -> yaml.append("      - \"").append(setting).append("\"\n"));
        }
        if (components.contains("several-pools")) {
            yaml.append("  - name: agent-reaper-pools\n    files: [application.yaml]\n");
        }
        if (components.contains("certificates")) {
            yaml.append("  - name: agent-reaper-certificates\n    files: [ca.crt]\n");
        }
        try {
            Files.createDirectories(directory);
            if (components.contains("several-pools")) {
                Files.copy(
                        KUBERNETES.resolve("components/several-pools/application.yaml"),
                        directory.resolve("application.yaml"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            if (components.contains("certificates")) {
                Files.writeString(
                        directory.resolve("ca.crt"), TestAuthority.create().certificate());
            }
            Files.writeString(directory.resolve("kustomization.yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return directory;
    }

    /** Kustomize takes relative paths alone. */
    private static String path(Path directory, String name) {
        return directory.toAbsolutePath().relativize(KUBERNETES.resolve(name)).toString();
    }
}
