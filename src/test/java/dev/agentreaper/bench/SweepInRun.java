package dev.agentreaper.bench;

import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A sweep as the running program makes it every five minutes. */
record SweepInRun(SweepScene scene) implements Measurement {
    private static final String EVERY = "3s";

    private static final Figure TOOK =
            new Figure("sweep begun → last DELETE received, or the script's whole process", "s");
    private static final Figure CPU = new Figure("CPU of a sweep, to 0.01 s", "s");
    private static final Figure AZURE_CALLS = new Figure("calls to Azure DevOps a sweep", "calls");
    private static final Figure KUBERNETES_CALLS = new Figure("calls to the API server a sweep", "calls");

    @Override
    public String name() {
        return "sweep-in-run";
    }

    @Override
    public String what() {
        return "%d agents, of which %d are stragglers. Compared are a periodic sweep of the running program, from its list of the pool received to the last DELETE received, and the whole process of the script with curl and jq. %s.%s"
                .formatted(2 * scene.stragglers(), scene.stragglers(), SweepScene.CONDITIONS, SweepScene.leftOut());
    }

    @Override
    public int rounds() {
        return scene.setup().number(3, 1);
    }

    @Override
    public List<Turn> turns() {
        List<Turn> turns = new ArrayList<>(scene.turns(reaper -> samples -> round(reaper, samples), TOOK));
        turns.add(new Turn(BareSweep.NAME, this::bare));
        return turns;
    }

    @Override
    public List<Goal> goals() {
        return scene.goals(TOOK);
    }

    private void bare(Turn.Samples samples) throws Exception {
        try (Stage stage = scene.stage()) {
            for (int i = 0; i < sweeps(); i++) {
                stage.azure.clearRequests();
                stage.stragglers(scene.stragglers(Integer.toString(i)));
                BareSweep.run(stage);
                samples.add(TOOK, took(stage.azure.requests()));
                scene.requireSwept(stage);
            }
        }
    }

    private int sweeps() {
        return scene.setup().number(4, 1);
    }

    private void round(AgentReaper reaper, Turn.Samples samples) throws InterruptedException, IOException {
        Map<String, String> settings = new HashMap<>(SweepScene.SETTINGS);
        settings.put("REAPER_SWEEP_EVERY", EVERY);
        try (Stage stage = scene.stage();
                Watcher.Running running = reaper.start(stage, settings)) {
            for (int i = 0; i < sweeps(); i++) {
                sweep(stage, running, scene.stragglers(Integer.toString(i)), samples);
            }
        }
    }

    /** The stragglers come just after a sweep, so that the next one finds all of them. */
    private void sweep(Stage stage, Watcher.Running running, List<String> stragglers, Turn.Samples samples)
            throws InterruptedException, IOException {
        stage.azure.clearRequests();
        Stage.await("a sweep", () -> hasListed(stage));
        stage.azure.clearRequests();
        double cpu = running.cost().cpuSeconds();
        int kubernetesCalls = stage.kubernetes.requests().size();
        stage.stragglers(stragglers);
        for (String straggler : stragglers) {
            stage.agentRemoved.of(straggler);
        }
        samples.add(CPU, running.cost().cpuSeconds() - cpu);
        samples.add(KUBERNETES_CALLS, stage.kubernetes.requests().size() - kubernetesCalls);
        List<ReceivedRequest> requests = stage.azure.requests();
        samples.add(AZURE_CALLS, requests.size());
        samples.add(TOOK, took(requests));
        scene.requireSwept(stage);
    }

    /** Whether a list of the pool has been answered. */
    private static boolean hasListed(Stage stage) {
        return stage.azure.requests().stream()
                .anyMatch(
                        request -> request.operation() == AzureDevOpsOperation.LIST_AGENTS && request.status() == 200);
    }

    private static double took(List<ReceivedRequest> requests) {
        Instant began = requests.stream()
                .filter(request -> request.operation() == AzureDevOpsOperation.LIST_AGENTS)
                .map(ReceivedRequest::received)
                .min(Instant::compareTo)
                .orElseThrow();
        Instant ended = requests.stream()
                .filter(request -> request.operation() == AzureDevOpsOperation.DELETE_AGENT)
                .map(ReceivedRequest::received)
                .max(Instant::compareTo)
                .orElseThrow();
        return Duration.between(began, ended).toNanos() / 1e9;
    }
}
