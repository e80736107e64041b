package dev.agentreaper.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Where and of what the figures are.
 *
 * @param memory in MiB
 * @param load the load averages as the bench began: a busy machine measures itself
 * @param commit of the sources; {@code +} where there were changes besides
 */
record Machine(
        String cpu, int cores, long memory, String system, String java, String load, String commit, String began) {

    static Machine here() throws IOException, InterruptedException {
        return new Machine(
                line("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(line("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1024,
                "%s %s".formatted(System.getProperty("os.name"), System.getProperty("os.version")),
                "%s %s".formatted(System.getProperty("java.vm.name"), System.getProperty("java.runtime.version")),
                Files.readString(Path.of("/proc/loadavg")).strip(),
                commitOfSources(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    @Override
    public String toString() {
        return "%s, %d cores, %d MiB, %s, %s; load %s; commit %s; %s"
                .formatted(cpu, cores, memory, system, java, load, commit, began);
    }

    private static String line(String file, String key) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    private static String commitOfSources() throws InterruptedException {
        String commit = git("rev-parse", "--short", "HEAD");
        return git("status", "--porcelain", "--untracked-files=no").isEmpty() ? commit : commit + "+";
    }

    /** Empty where it is no clone, or git is not here. */
    private static String git(String... arguments) throws InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            process.waitFor();
            return output;
        } catch (IOException e) {
            return "";
        }
    }
}
