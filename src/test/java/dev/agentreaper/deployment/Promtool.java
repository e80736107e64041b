package dev.agentreaper.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The promtool on the PATH, which is Prometheus' own judge of rules and of what it is to scrape. */
public final class Promtool {
    private Promtool() {}

    /**
     * All that it writes.
     *
     * @throws IllegalStateException with that if it finds something wrong
     */
    public static String run(String input, String... arguments) {
        try {
            Path given = Files.writeString(Files.createTempFile("promtool", ""), input);
            Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments))
                            .toList())
                    .redirectInput(given.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            Files.delete(given);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(List.of(arguments) + ": " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
