package dev.agentreaper.chaos;

import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Clusters that share an agent pool, a program at each, pods and agents that come and go, and troubles in rounds: some at
 * once, then a time without. All of it is drawn from a seed; when each thing comes to pass is not, as threads and processes
 * run as they like.
 */
final class Chaos implements AutoCloseable {
    private static final Duration OFFLINE_FOR = Duration.ofSeconds(30);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);
    private static final Duration REST = Duration.ofMinutes(4);

    private final long seed;
    private final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    private final AzureDevOpsPool pool = azure.pool("Default");
    private final Oracle oracle = new Oracle(OFFLINE_FOR, SWEEP_EVERY);
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong registrations = new AtomicLong();
    private final List<Site> sites;
    private final List<Workload> workloads = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Map<String, Trouble>> troubles;

    /**
     * @param clusters one for each site, marked by a capability where there are several; they are closed with this
     * @param workloadsOfEach how many pods run at a time at each site
     * @param program what is started
     * @param log takes what the programs log
     */
    Chaos(
            long seed,
            List<KubernetesCluster> clusters,
            int workloadsOfEach,
            Supplier<Program.Builder> program,
            Consumer<String> log) {
        this.seed = seed;
        azure.onRemoval(oracle::judge);
        this.sites = new ArrayList<>();
        for (KubernetesCluster cluster : clusters) {
            String name = Character.toString('a' + sites.size());
            Program.Builder configured = configured(program.get());
            if (clusters.size() > 1) {
                configured.env("REAPER_CAPABILITIES", "CLUSTER=" + name);
            }
            sites.add(new Site(name, cluster, oracle, configured, log, events));
        }
        for (Site site : sites) {
            for (int i = 0; i < workloadsOfEach; i++) {
                add(List.of(site), "azp-%s-%d".formatted(site, i), i % 2 == 0);
            }
        }
        add(sites, "azp-moves", true);
        this.troubles = Stream.concat(
                        Stream.of(new AzureDevOpsTroubles(azure, oracle).all()),
                        sites.stream()
                                .flatMap(site -> Stream.of(
                                        new KubernetesTroubles(site, oracle).all(),
                                        new ProcessTroubles(site, oracle).all())))
                .<Map<String, Trouble>>map(TreeMap::new)
                .toList();
    }

    private void add(List<Site> where, String name, boolean sameName) {
        workloads.add(new Workload(where, name, sameName, pool, oracle, new Chance(seed, name), registrations));
    }

    private Program.Builder configured(Program.Builder builder) {
        return builder.env("AZP_URL", azure.url())
                .env("AZP_POOL", pool.name())
                .env("AZP_TOKEN", azure.token())
                .env("REAPER_MODE", "delete")
                .env("REAPER_SWEEP_AGENTS", "azp-*")
                .env("REAPER_SWEEP_EVERY", SWEEP_EVERY.toSeconds() + "s")
                .env("REAPER_SWEEP_OFFLINE_FOR", OFFLINE_FOR.toSeconds() + "s");
    }

    /** How long it is quiet between two rounds of troubles. */
    enum Calm {
        /** Some seconds: what is to be done is not done before the next round. */
        SHORT,
        /** In every other case long enough for all to be done. */
        SHORT_OR_LONG,
        /** No trouble comes. */
        LASTING
    }

    /** Lets it all happen for this long, or until something is wrong; then waits until nothing happens any more. */
    Summary run(Duration howLong, Calm calm) throws InterruptedException {
        Instant began = Instant.now();
        setTheScene();
        Thread looking = Thread.ofVirtual().start(this::look);
        for (Site site : sites) {
            try (var _ = oracle.restart("start", site)) {
                site.start();
            }
        }
        workloads.forEach(workload -> threads.add(Thread.ofVirtual().start(workload)));
        Chance chance = new Chance(seed, "troubles");
        while (!isWrong() && Instant.now().isBefore(began.plus(howLong))) {
            chance.seconds(2, calm == Calm.SHORT_OR_LONG && chance.percent(50) ? 45 : 6);
            if (calm != Calm.LASTING) {
                strike(chance);
            }
        }
        comeToRest();
        looking.interrupt();
        looking.join();
        return new Summary(
                seed,
                Duration.between(began, Instant.now()),
                events.get(),
                registrations.get(),
                oracle.removals(),
                oracle.longest(),
                oracle.faults(),
                oracle.violations());
    }

    /** Agents that no pod runs. */
    private void setTheScene() {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            pool.register("vm-" + i, Map.of());
            pool.offlineSince("vm-" + i, yesterday);
            if (sites.size() > 1) {
                pool.register("azp-of-another-cluster-" + i, Map.of("CLUSTER", "c"));
                pool.offlineSince("azp-of-another-cluster-" + i, yesterday);
            }
            oracle.expectStraggler("azp-straggler-" + i);
            pool.register("azp-straggler-" + i, Map.of("CLUSTER", "a"));
            pool.offlineSince("azp-straggler-" + i, yesterday);
        }
    }

    /** One to three troubles at once, each of another kind. */
    private void strike(Chance chance) throws InterruptedException {
        List<Map<String, Trouble>> kinds = new ArrayList<>(troubles);
        List<Thread> striking = new ArrayList<>();
        for (int i = chance.between(1, 4); i > 0; i--) {
            Map<String, Trouble> kind = kinds.remove(chance.between(0, kinds.size()));
            Map.Entry<String, Trouble> trouble = chance.oneOf(List.copyOf(kind.entrySet()));
            Chance own = new Chance(seed, trouble.getKey() + chance.between(0, 1_000_000));
            striking.add(Thread.ofVirtual().start(() -> strike(trouble.getKey(), trouble.getValue(), own)));
        }
        for (Thread thread : striking) {
            thread.join();
        }
    }

    private void strike(String name, Trouble trouble, Chance chance) {
        try {
            trouble.strike(chance);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            oracle.programFailed("%s could not be brought about: %s".formatted(name, e));
        }
    }

    private void comeToRest() throws InterruptedException {
        workloads.forEach(Workload::stop);
        for (Thread thread : threads) {
            thread.join();
        }
        Instant until = Instant.now().plus(REST);
        while (!isWrong() && !oracle.ghosts(pool).isEmpty() && Instant.now().isBefore(until)) {
            Thread.sleep(200);
        }
        if (!isWrong()) {
            oracle.ghosts(pool).forEach(oracle::stays);
        }
        sites.forEach(Site::end);
    }

    private boolean isWrong() {
        return !oracle.violations().isEmpty();
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(500);
                oracle.look(pool, azure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        workloads.forEach(Workload::stop);
        threads.forEach(Thread::interrupt);
        sites.forEach(Site::close);
        azure.close();
    }
}
