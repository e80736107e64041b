package dev.agentreaper.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The kubectl on the PATH. */
final class Kubectl {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Kubectl() {}

    /** The objects that {@code kubectl apply -k} would apply. */
    static List<JsonNode> kustomize(Path directory) {
        Iterable<Object> objects =
                new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(run("", "kustomize", directory.toString()));
        return StreamSupport.stream(objects.spliterator(), false)
                .map(Kubectl::json)
                .toList();
    }

    /** What YAML was read as. */
    static JsonNode json(Object yaml) {
        return JSON.valueToTree(yaml);
    }

    /**
     * What it writes to stdout.
     *
     * @throws IllegalStateException with all that it writes if it fails
     */
    static String run(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.addFirst("kubectl");
        try {
            Process process = new ProcessBuilder(command).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            String errors = new String(process.getErrorStream().readAllBytes(), UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + output + errors);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
