package dev.agentreaper.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What has to be carried to where it runs. */
record Size(Setup setup) implements Measurement {
    private static final Path JVM_PROGRAM = Path.of("target", "quarkus-app");
    private static final Figure SIZE = new Figure("files of the program", "MB");

    @Override
    public String name() {
        return "size";
    }

    @Override
    public String what() {
        return "The executable, or the directory to which a Java runtime comes.";
    }

    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public List<Turn> turns() {
        return setup.turns(reaper -> samples -> samples.add(
                SIZE, bytes(reaper.executable().isEmpty() ? JVM_PROGRAM : Path.of(reaper.executable())) / 1e6));
    }

    private static long bytes(Path program) throws IOException {
        try (Stream<Path> files = Files.walk(program)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
