package dev.agentreaper.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Nothing happens. */
record Idle(Setup setup) implements Measurement {
    private static final int PODS = 100;
    private static final Duration SETTLES = Duration.ofSeconds(5);

    private static final Figure RESIDENT = new Figure("resident", "MiB");
    private static final Figure CPU = new Figure("CPU an hour", "s");
    private static final Figure KUBERNETES_CALLS = new Figure("calls to the API server an hour", "calls");
    private static final Figure AZURE_CALLS = new Figure("calls to Azure DevOps an hour", "calls");

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String what() {
        return "%d pods and their agents, and nothing happens. CPU and calls are counted for %d s and scaled to an hour, from %d s after it was ready and had listed the pool. Sweeps are off: each of them, twelve an hour by default, costs what «sweep-in-run» says besides its DELETEs."
                .formatted(PODS, lasts().toSeconds(), SETTLES.toSeconds());
    }

    @Override
    public int rounds() {
        return 1;
    }

    @Override
    public List<Turn> turns() {
        return setup.watchers(watcher -> samples -> round(watcher, samples));
    }

    /** More than two of the spans after which a watch is made anew. */
    private Duration lasts() {
        return Duration.ofSeconds(setup.number(75, 3));
    }

    private void round(Watcher watcher, Turn.Samples samples) throws InterruptedException, IOException {
        try (Stage stage = new Stage()) {
            stage.podsWithAgents(Stage.names("agent", PODS));
            try (Watcher.Running running = watcher.start(stage)) {
                Thread.sleep(SETTLES);
                int kubernetesCalls = stage.kubernetes.requests().size();
                int azureCalls = stage.azure.requests().size();
                double cpu = running.cost().cpuSeconds();
                Thread.sleep(lasts());
                double scale = 3600.0 / lasts().toSeconds();
                samples.add(RESIDENT, running.cost().resident());
                samples.add(CPU, (running.cost().cpuSeconds() - cpu) * scale);
                samples.add(KUBERNETES_CALLS, (stage.kubernetes.requests().size() - kubernetesCalls) * scale);
                samples.add(AZURE_CALLS, (stage.azure.requests().size() - azureCalls) * scale);
            }
        }
    }
}
