package dev.agentreaper.bench;

import dev.agentreaper.simulator.KubernetesOperation;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A number of pods of one size: several of these show what grows with what. */
record Growth(Setup setup, int pods, int size) implements Measurement {
    /** More than elsewhere: 50,000 pods are to be held. */
    private static final String HEAP = "-Xmx96m";

    private static final String BARE = "bytes read and dropped";

    private static final Figure LIST = new Figure("first list asked for → watch asked for", "s");
    private static final Figure FOR_EACH = new Figure("the same for 1,000 pods", "ms");
    private static final Figure RESIDENT = new Figure("resident once ready", "MiB");
    private static final Figure MOST_RESIDENT = new Figure("resident at most", "MiB");

    /** As ever more pods are held, and as they are larger. */
    static List<Measurement> all(Setup setup) {
        return List.of(
                new Growth(setup, setup.number(1_000, 100), Stage.POD_SIZE),
                new Growth(setup, setup.number(10_000, 1_000), Stage.POD_SIZE),
                new Growth(setup, setup.number(50_000, 1_500), Stage.POD_SIZE),
                new Growth(setup, setup.number(10_000, 1_000), Stage.POD_SIZE / 2),
                new Growth(setup, setup.number(10_000, 1_000), Stage.POD_SIZE * 4));
    }

    @Override
    public String name() {
        return "growth-%d-of-%dk".formatted(pods, size / 1000);
    }

    @Override
    public String what() {
        return "The first list of %,d pods of some %d KB, and the memory once it is ready, with %s. The time has the simulator's share in it: that is what «%s» shows, in which this process reads the same pages and looks at nothing but where the next begins. Linear is growth for which the time for 1,000 pods stays what it is."
                .formatted(pods, size / 1000, HEAP, BARE);
    }

    @Override
    public int rounds() {
        return setup.number(2, 1);
    }

    @Override
    public List<Turn> turns() {
        return setup.turns(reaper -> samples -> round(reaper.withHeap(HEAP), samples), new Turn(BARE, this::bare));
    }

    private void round(AgentReaper reaper, Turn.Samples samples) throws InterruptedException, IOException {
        try (Stage stage = stage();
                Watcher.Running running = reaper.startReady(stage, Map.of())) {
            long watched = stage.firstRequest(KubernetesOperation.WATCH);
            add((watched - stage.firstRequest(KubernetesOperation.LIST)) / 1e9, samples);
            samples.add(RESIDENT, running.cost().resident());
            samples.add(MOST_RESIDENT, running.cost().mostResident());
        }
    }

    private void bare(Turn.Samples samples) throws InterruptedException, IOException {
        try (Stage stage = stage()) {
            long began = System.nanoTime();
            BareReader.list(stage);
            add((System.nanoTime() - began) / 1e9, samples);
        }
    }

    private void add(double seconds, Turn.Samples samples) {
        samples.add(LIST, seconds);
        samples.add(FOR_EACH, seconds * 1e6 / pods);
    }

    private Stage stage() {
        Stage stage = new Stage();
        stage.pods(Stage.names("agent", pods), size);
        return stage;
    }
}
