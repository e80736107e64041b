package dev.agentreaper.bench;

import java.util.List;
import java.util.Map;

/** From nothing to ready. */
record Start(Setup setup) implements Measurement {
    private static final Figure READY = new Figure("process started → ready", "s");

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String what() {
        return "From the start of the process to its first readiness, asked for each millisecond. The cluster has no pods, so that the first list takes next to nothing.";
    }

    @Override
    public int rounds() {
        return setup.number(10, 1);
    }

    @Override
    public List<Turn> turns() {
        return setup.turns(reaper -> samples -> round(reaper, samples));
    }

    @Override
    public List<Goal> goals() {
        return setup.ours().stream()
                .map(one -> Goal.of(
                        one.name(),
                        READY,
                        Goal.Statistic.MEDIAN,
                        one.executable().isEmpty() ? 1.5 : 0.1))
                .toList();
    }

    private static void round(AgentReaper reaper, Turn.Samples samples) throws InterruptedException {
        try (Stage stage = new Stage()) {
            long began = System.nanoTime();
            try (Watcher.Running _ = reaper.startReady(stage, Map.of())) {
                samples.add(READY, (System.nanoTime() - began) / 1e9);
            }
        }
    }
}
