package dev.agentreaper.bench;

import dev.agentreaper.simulator.AzureDevOpsOperation;
import java.util.List;
import java.util.stream.Stream;

/** One pod at a time, warm. */
record Reaction(Setup setup, boolean known) implements Measurement {
    private static final Figure REACTION = new Figure("event on the wire → DELETE received", "ms");
    private static final Figure CALLS = new Figure("calls to Azure DevOps a removal", "calls");

    @Override
    public String name() {
        return known ? "reaction" : "reaction-unknown";
    }

    @Override
    public String what() {
        return ("One pod after the other goes, %d of them after %d to warm up: from the DELETED event's last byte written to the"
                        + " watch's socket to the agent's DELETE received, both by one clock. Agents %s. Ours asks the API"
                        + " server anew whether the pod is gone; the naive watcher does not.")
                .formatted(
                        singles(),
                        warmUp(),
                        known ? "are in the last list of the pool" : "register after the last list of the pool");
    }

    @Override
    public int rounds() {
        return setup.number(3, 1);
    }

    @Override
    public List<Turn> turns() {
        return setup.watchers(watcher -> samples -> round(watcher, samples));
    }

    @Override
    public List<Goal> goals() {
        Stream<Goal> calls = Goal.ofAll(setup.ours(), CALLS, Goal.Statistic.MEDIAN, known ? 1 : 2);
        return known
                ? Stream.of(
                                Goal.ofAll(setup.ours(), REACTION, Goal.Statistic.MEDIAN, 3),
                                Goal.ofAll(setup.ours(), REACTION, Goal.Statistic.P99, 10),
                                calls)
                        .flatMap(goals -> goals)
                        .toList()
                : calls.toList();
    }

    private int singles() {
        return setup.number(300, 5);
    }

    private int warmUp() {
        return setup.number(1_000, 5);
    }

    private void round(Watcher watcher, Turn.Samples samples) throws InterruptedException {
        List<String> names = Stage.names("agent", warmUp() + singles());
        try (Stage stage = new Stage()) {
            stage.pods(names, Stage.POD_SIZE);
            if (known) {
                stage.agents(names);
            }
            try (Watcher.Running _ = watcher.start(stage)) {
                for (int i = 0; i < names.size(); i++) {
                    String name = names.get(i);
                    if (!known) {
                        stage.agents(List.of(name));
                    }
                    stage.podGoes(name);
                    double reaction = stage.reaction(name);
                    if (i >= warmUp()) {
                        samples.add(REACTION, reaction);
                    }
                }
                samples.add(CALLS, (double) calls(stage) / names.size());
            }
        }
    }

    private static int calls(Stage stage) {
        return stage.calls(AzureDevOpsOperation.FIND_AGENT)
                + stage.calls(AzureDevOpsOperation.GET_AGENT)
                + stage.calls(AzureDevOpsOperation.DELETE_AGENT);
    }
}
