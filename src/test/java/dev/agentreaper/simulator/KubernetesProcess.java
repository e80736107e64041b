package dev.agentreaper.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A child process that logs to a file, can be paused, and ends with this JVM at the latest. */
final class KubernetesProcess {
    private final Process process;
    private final Thread killAtExit;

    private KubernetesProcess(Process process) {
        this.process = process;
        this.killAtExit = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killAtExit);
    }

    static KubernetesProcess start(Path binary, Path log, List<String> arguments) {
        List<String> command = new ArrayList<>(arguments);
        command.addFirst(binary.toString());
        try {
            return new KubernetesProcess(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Stops the process in its tracks (SIGSTOP): its connections stay open and say nothing. Returns when each of its threads
     * has stopped, where that can be seen: on Linux.
     */
    void pause() {
        Signals.send(process.pid(), "STOP");
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        while (Files.isDirectory(threads) && !allStopped(threads)) {
            Thread.onSpinWait();
        }
    }

    void resume() {
        Signals.send(process.pid(), "CONT");
    }

    /** Ends the process as a crash would (SIGKILL), paused or not. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
        Runtime.getRuntime().removeShutdownHook(killAtExit);
    }

    private static boolean allStopped(Path threads) {
        try (Stream<Path> each = Files.list(threads)) {
            for (Path thread : each.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
