package dev.agentreaper.bench;

import java.util.List;

/** A sweep as one runs it by hand or from a CronJob. */
record SweepCommand(SweepScene scene) implements Measurement {
    private static final Figure TOOK = new Figure("process started → ended", "s");

    @Override
    public String name() {
        return "sweep-command";
    }

    @Override
    public String what() {
        return "%d agents, of which %d are stragglers. Whole processes are compared, from start to end: our sweep command, and the script with curl and jq. %s.%s"
                .formatted(2 * scene.stragglers(), scene.stragglers(), SweepScene.CONDITIONS, SweepScene.leftOut());
    }

    @Override
    public int rounds() {
        return scene.setup().number(3, 1);
    }

    @Override
    public List<Turn> turns() {
        return scene.turns(reaper -> samples -> round(reaper, samples), TOOK);
    }

    @Override
    public List<Goal> goals() {
        return scene.goals(TOOK);
    }

    private void round(AgentReaper reaper, Turn.Samples samples) {
        try (Stage stage = scene.stage()) {
            stage.stragglers(scene.stragglers("0"));
            long began = System.nanoTime();
            reaper.run(stage, SweepScene.SETTINGS, "sweep");
            samples.add(TOOK, (System.nanoTime() - began) / 1e9);
            scene.requireSwept(stage);
        }
    }
}
