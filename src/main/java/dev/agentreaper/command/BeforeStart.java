package dev.agentreaper.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.config.FileShape;
import dev.agentreaper.config.Key;
import dev.agentreaper.health.Fault;
import dev.agentreaper.log.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.composer.ComposerException;
import org.yaml.snakeyaml.constructor.ConstructorException;
import org.yaml.snakeyaml.constructor.DuplicateKeyException;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** What has to be settled before the framework starts, which reads the file and opens the port by itself. */
final class BeforeStart {
    private static final Path OTHER_FILE = Path.of("config", "application.yml");
    private static final Path FILE = Path.of("config", "application.yaml");

    private static final int HIGHEST_PORT = 65535;

    private BeforeStart() {}

    /**
     * Sets the framework's options.
     *
     * @return what is wrong with the file or the port
     */
    static List<Fault> prepare(boolean server) {
        writeUtf8();
        System.setProperty("quarkus.http.host-enabled", Boolean.toString(server));
        String port = System.getenv().getOrDefault("QUARKUS_HTTP_PORT", "8080");
        if (!port.strip().matches("\\d{1,5}") || Integer.parseInt(port.strip()) > HIGHEST_PORT) {
            return List.of(new Fault(
                    "QUARKUS_HTTP_PORT «%s» is not the number of a port".formatted(Printable.of(port)),
                    new Fault.Remedy.Example("QUARKUS_HTTP_PORT=8080")));
        }
        if (Files.exists(OTHER_FILE)) {
            return List.of(new Fault(
                    "%s is not read".formatted(OTHER_FILE), new Fault.Remedy.Action("name it %s.".formatted(FILE))));
        }
        Map<?, ?> file;
        try {
            file = read();
        } catch (IOException | YAMLException e) {
            return List.of(new Fault("%s can't be read as YAML%s".formatted(FILE, where(e)), null));
        }
        List<Fault> faults = FileShape.faults(file);
        if (!faults.isEmpty()) {
            return faults;
        }
        Object inFile = file.get("reaper") instanceof Map<?, ?> reaper ? reaper.get("log-format") : null;
        String set = System.getenv(Key.LOG_FORMAT.variable());
        String format = set == null || set.isBlank() ? String.valueOf(inFile) : set;
        System.setProperty(
                "quarkus.log.console.json.enabled",
                Boolean.toString(format.strip().equals("json")));
        return List.of();
    }

    /** Of what stands there nothing is told but a key: it may be a token. */
    private static String where(Exception e) {
        if (!(e instanceof MarkedYAMLException marked) || marked.getProblemMark() == null) {
            return ": " + e.getMessage();
        }
        boolean quotes = marked instanceof ConstructorException && !(marked instanceof DuplicateKeyException);
        return " at line %d%s"
                .formatted(
                        marked.getProblemMark().getLine() + 1,
                        quotes || marked instanceof ComposerException ? "" : ": " + marked.getProblem());
    }

    /** Without a locale, as in most containers, Java would write a question mark for what is not ASCII. */
    private static void writeUtf8() {
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8));
        // By this the log's handler goes, also on stderr.
        System.setProperty("stdout.encoding", UTF_8.name());
    }

    private static Map<?, ?> read() throws IOException {
        if (!Files.exists(FILE)) {
            return Map.of();
        }
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try (Reader reader = Files.newBufferedReader(FILE)) {
            Object content = new Yaml(new SafeConstructor(options)).load(reader);
            if (content == null) {
                return Map.of();
            }
            if (content instanceof Map<?, ?> map) {
                return map;
            }
            throw new IOException("it has no keys");
        }
    }
}
