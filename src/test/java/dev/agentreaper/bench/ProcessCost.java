package dev.agentreaper.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process costs, as Linux counts it in {@code /proc/PID}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
record ProcessCost(long pid) {
    /** {@code getconf CLK_TCK}, which is 100 wherever Linux runs today. */
    private static final double TICKS_A_SECOND = 100;

    private static final int UTIME = 14;
    private static final int STIME = 15;

    /** In MiB, now. */
    double resident() throws IOException {
        return mebibytes("VmRSS");
    }

    /** In MiB, the most so far. */
    double mostResident() throws IOException {
        return mebibytes("VmHWM");
    }

    /** In seconds of one core since its start, to a hundredth. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The name of the program is in parentheses and may hold anything; what follows begins with the third field.
        List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
        return (Long.parseLong(fields.get(UTIME - 3)) + Long.parseLong(fields.get(STIME - 3))) / TICKS_A_SECOND;
    }

    private double mebibytes(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElseThrow();
    }
}
