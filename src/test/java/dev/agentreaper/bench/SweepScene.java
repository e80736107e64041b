package dev.agentreaper.bench;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What is swept: half of the agents are online and have pods, the others are stragglers. */
record SweepScene(Setup setup) {
    /** Any latency would even out what each of them does itself. */
    static final String CONDITIONS = "Azure DevOps answers at once, so what counts is what each does itself";

    static final Map<String, String> SETTINGS =
            Map.of("REAPER_SWEEP_AGENTS", "agent-*", "REAPER_SWEEP_MAX_REMOVALS", "10000");

    int stragglers() {
        return setup.number(250, 10);
    }

    /** @param which names them apart from others */
    List<String> stragglers(String which) {
        return Stage.names("agent-straggler-" + which, stragglers());
    }

    Stage stage() {
        Stage stage = new Stage();
        stage.podsWithAgents(Stage.names("agent", stragglers()));
        return stage;
    }

    /** Ours, and the script, unless it can't run here. */
    List<Turn> turns(Function<AgentReaper, Turn.Round> round, Figure figure) {
        List<String> missing = Peers.missingForScript();
        return missing.isEmpty()
                ? setup.turns(round, new Turn(Peers.CURL_AND_JQ, samples -> script(figure, samples)))
                : setup.turns(round);
    }

    /** Of each of ours, that it takes a fiftieth of what the script takes. */
    List<Goal> goals(Figure took) {
        return setup.ours().stream()
                .map(one -> Goal.ratio(one.name(), took, 0.02, Peers.CURL_AND_JQ))
                .toList();
    }

    /** A sentence on what is left out, or nothing. */
    static String leftOut() {
        List<String> missing = Peers.missingForScript();
        return missing.isEmpty()
                ? ""
                : " LEFT OUT: %s, as this machine has no %s."
                        .formatted(Peers.CURL_AND_JQ, String.join(" and no ", missing));
    }

    private void script(Figure figure, Turn.Samples samples) throws InterruptedException {
        try (Stage stage = stage()) {
            List<String> stragglers = stragglers("0");
            stage.stragglers(stragglers);
            long began = System.nanoTime();
            Peers.sweepWithCurlAndJq(stage);
            samples.add(figure, (System.nanoTime() - began) / 1e9);
            requireSwept(stage);
        }
    }

    /** A sweep that left some was not fast. */
    void requireSwept(Stage stage) {
        int left = stage.pool.agents().size();
        if (left != stragglers()) {
            throw new IllegalStateException("%d agents are left, where %d have pods".formatted(left, stragglers()));
        }
    }
}
