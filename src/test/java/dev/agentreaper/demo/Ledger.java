package dev.agentreaper.demo;

import dev.agentreaper.simulator.AzureDevOpsSimulator;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells what happens as it happens, and remembers it for the table at the end. */
final class Ledger {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private record Removal(Instant at, @Nullable Instant goneAt) {}

    private final PrintStream out;
    private final Instant began = Instant.now();
    private final Map<String, Instant> gone = new LinkedHashMap<>();
    private final Map<String, Removal> removed = new LinkedHashMap<>();

    Ledger(PrintStream out, AzureDevOpsSimulator azure) {
        this.out = out;
        azure.onDelete(agent -> removed(agent.name()));
    }

    void tell(String text) {
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
        out.printf("%7.3f s  %s%n", seconds, text);
    }

    /** A pod of this agent goes now; {@code act} makes it so. */
    void podGoes(String agent, String how, Runnable act) {
        synchronized (this) {
            gone.put(agent, Instant.now());
        }
        tell("pod %s %s".formatted(agent, how));
        act.run();
    }

    private synchronized void removed(String agent) {
        Removal removal = new Removal(Instant.now(), gone.get(agent));
        removed.put(agent, removal);
        tell("    agent %s removed%s".formatted(agent, reaction(removal)));
    }

    synchronized boolean isRemoved(String agent) {
        return removed.containsKey(agent);
    }

    void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("still waiting for: " + what);
            }
            Thread.sleep(5);
        }
    }

    /** The table of what was removed, with the reaction time of each event. */
    synchronized List<String> removals() {
        List<String> rows = new ArrayList<>();
        removed.forEach((agent, removal) -> rows.add("  removed  %-22s %s"
                .formatted(
                        agent,
                        removal.goneAt() == null
                                ? "by a sweep: offline, and no pod runs it"
                                : "its pod was gone" + reaction(removal))));
        return rows;
    }

    synchronized String medianReaction() {
        List<Long> millis = removed.values().stream()
                .filter(removal -> removal.goneAt() != null)
                .map(removal -> Duration.between(Objects.requireNonNull(removal.goneAt()), removal.at())
                        .toMillis())
                .sorted()
                .collect(Collectors.toList());
        return millis.get(millis.size() / 2) + " ms";
    }

    private static String reaction(Removal removal) {
        return removal.goneAt() == null
                ? " (by the sweep)"
                : ", %d ms after"
                        .formatted(
                                Duration.between(removal.goneAt(), removal.at()).toMillis());
    }
}
