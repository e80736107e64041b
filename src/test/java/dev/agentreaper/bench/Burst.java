package dev.agentreaper.bench;

import dev.agentreaper.simulator.AzureDevOpsOperation;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Many pods at once, while Azure DevOps takes its time. */
record Burst(Setup setup) implements Measurement {
    private static final Duration DELETE_TAKES = Duration.ofMillis(50);
    private static final int CONNECTIONS = 8;

    private static final Figure TOOK = new Figure("first event on the wire → last DELETE received", "s");
    private static final Figure TIMES_IDEAL = new Figure("the same in terms of the ideal", "× ideal");
    private static final Figure DELETES = new Figure("DELETEs", "calls");
    private static final Figure LISTS = new Figure("lists of the pool", "calls");
    private static final Figure AT_ONCE = new Figure("calls at once", "calls");

    @Override
    public String name() {
        return "burst";
    }

    @Override
    public String what() {
        return "%d pods are deleted at once, and Azure DevOps answers a DELETE after %d ms. Ideal is %s s, what %d connections can do."
                .formatted(pods(), DELETE_TAKES.toMillis(), Text.number(ideal()), CONNECTIONS);
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
        return Stream.of(
                        Goal.ofAll(setup.ours(), TIMES_IDEAL, Goal.Statistic.MEDIAN, 1.15),
                        Goal.ofAll(setup.ours(), DELETES, Goal.Statistic.MOST, pods()),
                        Goal.ofAll(setup.ours(), LISTS, Goal.Statistic.MOST, 2))
                .flatMap(goals -> goals)
                .toList();
    }

    private int pods() {
        return setup.number(500, 20);
    }

    private double ideal() {
        return DELETE_TAKES.toMillis() / 1000.0 * pods() / CONNECTIONS;
    }

    private void round(Watcher watcher, Turn.Samples samples) throws InterruptedException {
        List<String> names = Stage.names("agent", pods());
        try (Stage stage = new Stage()) {
            stage.podsWithAgents(names);
            stage.azure.answerAfter(DELETE_TAKES, AzureDevOpsOperation.DELETE_AGENT);
            try (Watcher.Running _ = watcher.start(stage)) {
                stage.azure.clearRequests();
                names.forEach(stage::podGoes);
                long last = Long.MIN_VALUE;
                for (String name : names) {
                    last = Math.max(last, stage.agentRemoved.of(name));
                }
                double took = (last - stage.podGone.of(names.getFirst())) / 1e9;
                samples.add(TOOK, took);
                samples.add(TIMES_IDEAL, took / ideal());
                samples.add(DELETES, stage.calls(AzureDevOpsOperation.DELETE_AGENT));
                samples.add(LISTS, stage.calls(AzureDevOpsOperation.LIST_AGENTS));
                samples.add(AT_ONCE, stage.azure.mostAtOnce());
            }
        }
    }
}
