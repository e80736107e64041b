package dev.agentreaper.chaos;

import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.KubernetesPod;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One place in the cluster where a pod with its agent runs, and after it the next: under a new name each time, as those of a
 * Deployment or of KEDA's jobs, or always under the same, as that of a StatefulSet. What becomes of each is drawn at random.
 */
final class Workload implements Runnable {
    private final List<Site> sites;
    private final String name;
    private final boolean sameName;
    private final AzureDevOpsPool pool;
    private final Oracle oracle;
    private final Chance chance;
    private final AtomicLong registrations;
    private final boolean named;
    private volatile boolean stopped;
    private int number;
    private @Nullable String atWork;

    /** @param sites where its pods run, in turn */
    Workload(
            List<Site> sites,
            String name,
            boolean sameName,
            AzureDevOpsPool pool,
            Oracle oracle,
            Chance chance,
            AtomicLong registrations) {
        this.sites = sites;
        this.name = name;
        this.sameName = sameName;
        this.pool = pool;
        this.oracle = oracle;
        this.chance = chance;
        this.registrations = registrations;
        this.named = chance.percent(10);
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                live();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets what is there be, but for jobs and for pods that are about to go. */
    void stop() {
        stopped = true;
    }

    private void live() throws InterruptedException {
        Site site = sites.get(number % sites.size());
        String pod = sameName ? name + "-0" : "%s-%d".formatted(name, number);
        number++;
        boolean placeholder = !sameName && chance.percent(1);
        PodLife life = new PodLife(site, pod, named ? "azp-named-" + pod : pod);
        Map<String, String> capabilities = new HashMap<>(Map.of("CLUSTER", site.name, "Agent.ComputerName", pod));
        KubernetesPod spec = site.pod(pod);
        if (named) {
            spec.env("AZP_AGENT_NAME", life.agent);
        }
        if (placeholder) {
            spec.env("AZP_PLACEHOLDER", "true");
            capabilities.put("AZP_PLACEHOLDER", "true");
            oracle.expectPlaceholder(life.agent);
        }
        oracle.expect(life);
        site.create(spec, life::created);
        if (!chance.percent(4)) {
            site.starts(pod);
            pause(0, 500);
            register(life, capabilities);
            int events = chance.between(1, 5);
            for (int i = 0; i < events && !stopped && !life.hasEnded(); i++) {
                happen(life, capabilities);
            }
        }
        if (stopped && !life.hasEnded()) {
            endJob();
            return;
        }
        end(life);
        leaveBehind(life);
    }

    private void register(PodLife life, Map<String, String> capabilities) {
        if (chance.percent(80)) {
            registerAnyhow(life, capabilities);
            return;
        }
        life.register(() -> {
            try {
                pool.register(life.agent, capabilities);
                registrations.incrementAndGet();
                if (chance.percent(10)) {
                    pool.neverConnected(life.agent);
                }
            } catch (IllegalStateException e) {
                // Without --replace it does not get in while another has its name.
            }
        });
    }

    private void registerAnyhow(PodLife life, Map<String, String> capabilities) {
        life.register(() -> {
            pool.registerReplacing(life.agent, capabilities);
            registrations.incrementAndGet();
        });
    }

    private void happen(PodLife life, Map<String, String> capabilities) throws InterruptedException {
        switch (chance.between(0, 10)) {
            case 0, 1, 2 -> pause(200, 3_000);
            case 3 -> {
                ifThere(() -> pool.goOffline(life.agent));
                pause(200, 8_000);
                registerAnyhow(life, capabilities);
            }
            case 4 -> {
                endJob();
                ifThere(() -> pool.remove(life.agent));
                pause(0, 500);
                registerAnyhow(life, capabilities);
            }
            case 5 -> {
                life.leavesSelection();
                life.site.select(life.pod, false);
                pause(0, 2_000);
                if (chance.percent(90)) {
                    life.site.select(life.pod, true);
                    life.isSelectedAgain();
                }
            }
            case 6, 7 -> life.site.relabel(life.pod, "touched", Integer.toString(number));
            case 8 -> {
                ifThere(() -> pool.busy(life.agent, true));
                atWork = life.agent;
                pause(500, 3_000);
                if (chance.percent(50)) {
                    endJob();
                }
            }
            case 9 -> {
                if (chance.percent(20)) {
                    ifThere(() -> pool.disable(life.agent));
                }
            }
            default -> throw new AssertionError();
        }
    }

    private void end(PodLife life) throws InterruptedException {
        Site site = life.site;
        switch (chance.between(0, 20)) {
            case 0 -> {
                ifThere(() -> pool.goOffline(life.agent));
                site.terminate(life.pod, Duration.ofSeconds(1));
                life.oughtToEnd(Instant.now());
                pause(5_000, 50_000);
                site.delete(life);
            }
            case 1, 2, 3, 4 -> {
                site.terminate(life.pod, Duration.ofSeconds(30));
                pause(0, 3_000);
                if (atWork == null && chance.percent(50)) {
                    ifThere(() -> pool.remove(life.agent));
                }
                site.delete(life);
            }
            case 5, 6, 7 -> {
                site.ends(life, chance.percent(50) ? "Succeeded" : "Failed");
                pause(0, 3_000);
                site.delete(life);
            }
            default -> site.delete(life);
        }
    }

    /** What Azure DevOps comes to know of the agent's end, and when; the next pod may come before that. */
    private void leaveBehind(PodLife life) throws InterruptedException {
        if (sameName && chance.percent(50)) {
            pause(0, 2_000);
            if (!stopped) {
                return;
            }
        }
        pause(500, 10_000);
        endJob();
        ifThere(() -> pool.goOffline(life.agent));
    }

    private void endJob() {
        String agent = atWork;
        if (agent != null) {
            ifThere(() -> pool.busy(agent, false));
            oracle.jobEnded(agent);
            atWork = null;
        }
    }

    private static void ifThere(Runnable change) {
        try {
            change.run();
        } catch (NoSuchElementException e) {
            // It was removed in time.
        }
    }

    private void pause(int fromMillis, int toMillis) throws InterruptedException {
        Instant until = Instant.now().plusMillis(chance.between(fromMillis, toMillis));
        while (!stopped && Instant.now().isBefore(until)) {
            Thread.sleep(Math.clamp(Duration.between(Instant.now(), until).toMillis(), 1, 100));
        }
    }
}
