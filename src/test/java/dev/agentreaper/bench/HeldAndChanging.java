package dev.agentreaper.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A large cluster at work. */
record HeldAndChanging(Setup setup) implements Measurement {
    /** The events of one pod that goes and of another that comes in its place: see {@link #replace}. */
    private static final int EVENTS_A_TURN = 5;

    private static final int EVENTS_A_SECOND = 50;

    private static final Figure RESIDENT = new Figure("resident at the end", "MiB");
    private static final Figure MOST_RESIDENT = new Figure("resident at most", "MiB");
    private static final Figure CPU = new Figure("CPU at %d events a second".formatted(EVENTS_A_SECOND), "% of a core");

    @Override
    public String name() {
        return "held";
    }

    @Override
    public String what() {
        return "%,d agent pods of some %d KB, with their agents, are held; for %d s pods end and others take their places, %d events a second, and agents are removed with their pods. Ours with %s."
                .formatted(
                        pods(),
                        Stage.POD_SIZE / 1000,
                        lasts().toSeconds(),
                        EVENTS_A_SECOND,
                        setup.ours().getFirst().heap());
    }

    @Override
    public int rounds() {
        return setup.number(2, 1);
    }

    @Override
    public List<Turn> turns() {
        return setup.watchers(watcher -> samples -> round(watcher, samples));
    }

    @Override
    public List<Goal> goals() {
        return setup.ours().stream()
                .flatMap(one -> one.executable().isEmpty()
                        ? Stream.of(Goal.of(one.name(), MOST_RESIDENT, Goal.Statistic.MOST, 160))
                        : Stream.of(
                                Goal.of(one.name(), MOST_RESIDENT, Goal.Statistic.MOST, 64),
                                Goal.of(one.name(), CPU, Goal.Statistic.MEDIAN, 3)))
                .toList();
    }

    private int pods() {
        return setup.number(10_000, 200);
    }

    private Duration lasts() {
        return Duration.ofSeconds(setup.number(20, 3));
    }

    private void round(Watcher watcher, Turn.Samples samples) throws InterruptedException, IOException {
        Deque<String> names = new ArrayDeque<>(Stage.names("agent", pods()));
        try (Stage stage = new Stage()) {
            stage.podsWithAgents(List.copyOf(names));
            try (Watcher.Running running = watcher.start(stage)) {
                double before = running.cost().cpuSeconds();
                long began = System.nanoTime();
                long turns = lasts().toSeconds() * EVENTS_A_SECOND / EVENTS_A_TURN;
                for (long i = 0; i < turns; i++) {
                    String gone = replace(stage, names, "agent-new-" + i);
                    stage.agentRemoved.of(gone);
                    long next = began + (i + 1) * EVENTS_A_TURN * 1_000_000_000L / EVENTS_A_SECOND;
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                double seconds = (System.nanoTime() - began) / 1e9;
                samples.add(CPU, (running.cost().cpuSeconds() - before) / seconds * 100);
                samples.add(RESIDENT, running.cost().resident());
                samples.add(MOST_RESIDENT, running.cost().mostResident());
            }
        }
    }

    /** MODIFIED and DELETED of the oldest pod; ADDED, MODIFIED and MODIFIED of a new one. */
    private static String replace(Stage stage, Deque<String> names, String name) {
        String oldest = names.removeFirst();
        stage.podGoes(oldest);
        stage.podsWithAgents(List.of(name));
        stage.kubernetes.relabel(Stage.NAMESPACE, name, Map.of("step", "scheduled"));
        stage.kubernetes.relabel(Stage.NAMESPACE, name, Map.of("step", "running"));
        names.addLast(name);
        return oldest;
    }
}
