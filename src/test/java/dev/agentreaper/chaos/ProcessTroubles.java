package dev.agentreaper.chaos;

import dev.agentreaper.simulator.KubernetesPod;
import java.util.Map;

/** What may happen to the program of a cluster. */
final class ProcessTroubles {
    private final Site site;
    private final Oracle oracle;

    ProcessTroubles(Site site, Oracle oracle) {
        this.site = site;
        this.oracle = oracle;
    }

    Map<String, Trouble> all() {
        return Map.of(
                "SIGKILL", this::kill,
                "SIGTERM", this::terminate,
                "SIGSTOP", this::suspend,
                "rolling update", this::roll,
                "sweep beside it", chance -> site.sweepOnce(),
                "pod whose agent can't be told", this::unmappable);
    }

    private void kill(Chance chance) throws InterruptedException {
        try (var _ = oracle.restart("SIGKILL", site)) {
            site.kill();
            chance.seconds(0, 4);
            site.start();
        }
    }

    private void terminate(Chance chance) throws InterruptedException {
        try (var _ = oracle.restart("SIGTERM", site)) {
            site.end();
            chance.seconds(0, 4);
            site.start();
        }
    }

    private void suspend(Chance chance) throws InterruptedException {
        try (var _ = oracle.suspension("SIGSTOP")) {
            site.signal("STOP");
            try {
                chance.seconds(1, 9);
            } finally {
                site.signal("CONT");
            }
        }
    }

    private void roll(Chance chance) throws InterruptedException {
        try (var _ = oracle.restart("rolling update", site)) {
            site.roll();
        }
    }

    private void unmappable(Chance chance) throws InterruptedException {
        try (var _ = oracle.fault("pod whose agent can't be told")) {
            KubernetesPod pod = site.pod("unmappable").envFromSecret("AZP_AGENT_NAME", "names", "agent");
            site.create(pod, () -> {});
            site.starts(pod.name());
            chance.seconds(1, 9);
            site.delete(pod.name(), () -> {});
        }
    }
}
