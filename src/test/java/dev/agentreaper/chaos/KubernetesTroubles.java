package dev.agentreaper.chaos;

import static dev.agentreaper.simulator.KubernetesOperation.GET;
import static dev.agentreaper.simulator.KubernetesOperation.LIST;
import static dev.agentreaper.simulator.KubernetesOperation.WATCH;

import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesCluster;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesJson;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What may go wrong with a cluster: more with a simulated one, whose every answer can be another. */
final class KubernetesTroubles {
    /** After which the program takes a call that is not answered for failed. */
    private static final int CALL_FAILS_AFTER_SECONDS = 30;

    private final Site site;
    private final Oracle oracle;

    KubernetesTroubles(Site site, Oracle oracle) {
        this.site = site;
        this.oracle = oracle;
    }

    Map<String, Trouble> all() {
        Map<String, Trouble> troubles = new HashMap<>(Map.of(
                "API server down", this::down,
                "history compacted", this::compact,
                "cluster restored", this::restore));
        switch (site.cluster) {
            case KubernetesApiServer server -> troubles.put("API server paused", chance -> pause(server, chance));
            case KubernetesSimulator simulator -> troubles.putAll(simulated(simulator));
            default -> throw new IllegalArgumentException(site.cluster.toString());
        }
        return troubles;
    }

    /** Some pods go in that time, and no watch will ever tell of them. */
    private void down(Chance chance) throws InterruptedException {
        List<PodLife> alive = oracle.since(site, Instant.now()).stream()
                .filter(life -> life.hasRegistered() && !life.hasEnded())
                .toList();
        try (var _ = oracle.blindness("API server down", site)) {
            site.cluster.stop();
            for (PodLife life : alive.stream().limit(chance.between(0, 4)).toList()) {
                site.deleteWhileStopped(life);
            }
            chance.seconds(1, 9);
            site.cluster.startAgain();
        }
    }

    private void compact(Chance chance) {
        try (var _ = oracle.blindness("history compacted", site)) {
            site.cluster.compact();
        }
    }

    /** Pods that were created meanwhile are gone, and those that went are back for a moment. */
    private void restore(Chance chance) throws InterruptedException {
        Instant then = Instant.now();
        KubernetesCluster.Snapshot snapshot = site.cluster.snapshot();
        chance.seconds(2, 9);
        try (var _ = oracle.restart("cluster restored", site)) {
            site.restore(snapshot, then);
        }
    }

    private void pause(KubernetesApiServer server, Chance chance) throws InterruptedException {
        try (var _ = oracle.suspension("API server paused")) {
            server.pause();
            try {
                chance.seconds(1, 9);
            } finally {
                server.resume();
            }
        }
    }

    private Map<String, Trouble> simulated(KubernetesSimulator cluster) {
        Map<String, Trouble> troubles = new HashMap<>();
        watches(troubles, "watch cut", cluster::cutWatches);
        watches(troubles, "watch ended", cluster::endWatches);
        watches(troubles, "410 inside a watch", () -> cluster.tellWatches(KubernetesJson.expired(1, 2)));
        watches(troubles, "no JSON inside a watch", () -> cluster.tellWatches("{\"type\":"));
        watches(troubles, "an event again", cluster::repeatLastEvents);
        troubles.put("watch half-open", chance -> halfOpen(cluster));
        Map<String, KubernetesFault> faults = Map.of(
                "401", KubernetesFault.unauthorized(),
                "403", KubernetesFault.forbidden(),
                "410", KubernetesFault.expired(),
                "429", KubernetesFault.tooManyRequests(),
                "500", KubernetesFault.internalError(),
                "504 too large resource version", KubernetesFault.tooLargeResourceVersion(),
                "HTML 404", KubernetesFault.htmlNotFound(),
                "connection cut", new KubernetesFault.Cut());
        faults.forEach((name, fault) -> {
            for (KubernetesOperation operation : List.of(LIST, WATCH, GET)) {
                troubles.put(name + " on " + operation, chance -> requests(cluster, name, operation, fault, chance));
            }
        });
        troubles.put(
                "half a list",
                chance -> requests(cluster, "half a list", LIST, new KubernetesFault.HalfBody(), chance));
        troubles.put(
                "half a pod", chance -> requests(cluster, "half a pod", GET, new KubernetesFault.HalfBody(), chance));
        troubles.put("stale list", chance -> stale(cluster, chance));
        troubles.put("late pod", chance -> late(cluster, chance));
        troubles.put("no answer", chance -> silence(cluster, chance));
        return troubles;
    }

    private void watches(Map<String, Trouble> troubles, String name, Runnable act) {
        troubles.put(name, chance -> {
            try (var _ = oracle.blindness(name, site)) {
                for (int i = chance.between(1, 5); i > 0; i--) {
                    act.run();
                    chance.seconds(0, 2);
                }
            }
        });
    }

    private void requests(
            KubernetesSimulator cluster,
            String name,
            KubernetesOperation operation,
            KubernetesFault fault,
            Chance chance)
            throws InterruptedException {
        try (var _ = oracle.blindness(name + " on " + operation, site)) {
            cluster.fail(operation, fault);
            if (operation != GET) {
                // Otherwise nothing would be listed or watched anew.
                cluster.cutWatches();
            }
            chance.seconds(1, 9);
            cluster.heal();
        }
    }

    private void stale(KubernetesSimulator cluster, Chance chance) throws InterruptedException {
        long version = cluster.resourceVersion();
        chance.seconds(1, 5);
        requests(cluster, "stale", LIST, new KubernetesFault.Stale(version), chance);
    }

    private void late(KubernetesSimulator cluster, Chance chance) throws InterruptedException {
        try (var _ = oracle.suspension("late pod")) {
            cluster.fail(GET, new KubernetesFault.Delay(Duration.ofMillis(chance.between(50, 2_000))));
            chance.seconds(1, 9);
            cluster.heal();
            chance.seconds(2, 3);
        }
    }

    private void silence(KubernetesSimulator cluster, Chance chance) throws InterruptedException {
        try (var _ = oracle.blindness("no answer", site)) {
            cluster.fail(chance.oneOf(List.of(LIST, GET)), new KubernetesFault.Silence());
            cluster.cutWatches();
            chance.seconds(1, 5);
            cluster.heal();
            chance.seconds(CALL_FAILS_AFTER_SECONDS, CALL_FAILS_AFTER_SECONDS + 1);
        }
    }

    /** It has a minute to find that nothing will come any more. */
    private void halfOpen(KubernetesSimulator cluster) throws InterruptedException {
        try (var _ = oracle.blindness("watch half-open", site)) {
            cluster.silenceWatches();
            Instant until = Instant.now().plusSeconds(65);
            while (cluster.openWatches() == 0) {
                if (Instant.now().isAfter(until)) {
                    oracle.programFailed("a half-open watch was not found within a minute");
                    return;
                }
                Thread.sleep(100);
            }
        }
    }
}
