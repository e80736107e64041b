package dev.agentreaper.chaos;

import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.KubernetesCluster;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.Signals;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A cluster, its namespace of agent pods, and the program that watches them. */
final class Site {
    private static final String NAMESPACE = "agents";
    private static final String APP = "azdevops-agent";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** Names the logger, since an ERROR need not be ours. */
    private static final String LOG_FORMAT = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p %c: %s%e%n";

    final String name;
    final KubernetesCluster cluster;

    private final Oracle oracle;
    private final Program.Builder configured;
    private final AtomicLong events;
    /** No change is under way while the cluster is restored. */
    private final ReadWriteLock changes = new ReentrantReadWriteLock();

    private volatile @Nullable Program program;

    /**
     * @param configured all but what is the cluster's own
     * @param log takes what the program logs
     * @param events counts what happens to pods
     */
    Site(
            String name,
            KubernetesCluster cluster,
            Oracle oracle,
            Program.Builder configured,
            Consumer<String> log,
            AtomicLong events) {
        this.name = name;
        this.cluster = cluster;
        this.oracle = oracle;
        this.events = events;
        this.configured = configured
                .env("KUBECONFIG", cluster.kubeconfig())
                .env("REAPER_NAMESPACES", NAMESPACE)
                .env("REAPER_POD_SELECTOR", "app=" + APP)
                .env("QUARKUS_LOG_CONSOLE_FORMAT", LOG_FORMAT);
        configured.onLogLine(line -> read(line, log));
        cluster.createNamespace(NAMESPACE);
    }

    @Override
    public String toString() {
        return name;
    }

    KubernetesPod pod(String pod) {
        return KubernetesPod.of(NAMESPACE, pod).label("app", APP).node("node-1");
    }

    /** Creates a pod, and then takes note of it. */
    void create(KubernetesPod pod, Runnable note) throws InterruptedException {
        insist(() -> cluster.create(pod), () -> isThere(pod.name()), note);
    }

    void starts(String pod) throws InterruptedException {
        insist(() -> cluster.patchStatus(NAMESPACE, pod, "Running", Instant.now()), () -> !isThere(pod), () -> {});
    }

    void ends(PodLife life, String phase) throws InterruptedException {
        life.ending();
        insist(() -> cluster.patchStatus(NAMESPACE, life.pod, phase, null), () -> !isThere(life.pod), life::ended);
    }

    /** Takes it out of the selection, or in again. */
    void select(String pod, boolean selected) throws InterruptedException {
        relabel(pod, "app", selected ? APP : "another");
    }

    void relabel(String pod, String label, String value) throws InterruptedException {
        insist(() -> cluster.relabel(NAMESPACE, pod, Map.of(label, value)), () -> !isThere(pod), () -> {});
    }

    void terminate(String pod, Duration grace) throws InterruptedException {
        insist(() -> cluster.deleteGracefully(NAMESPACE, pod, grace), () -> !isThere(pod), () -> {});
    }

    void delete(PodLife life) throws InterruptedException {
        life.ending();
        delete(life.pod, life::ended);
    }

    /** Deletes a pod, and then takes note of it. */
    void delete(String pod, Runnable note) throws InterruptedException {
        insist(() -> cluster.delete(NAMESPACE, pod), () -> !isThere(pod), note);
    }

    /** Deletes a pod so that no watch ever tells of it. */
    void deleteWhileStopped(PodLife life) {
        if (life.ending()) {
            cluster.deleteWhileStopped(NAMESPACE, life.pod);
            events.incrementAndGet();
            life.ended();
        }
    }

    /**
     * Puts the cluster back into the state of then, clears away the pods that are back although they had gone, and selects
     * those again that were out of the selection just then.
     */
    void restore(KubernetesCluster.Snapshot snapshot, Instant then) {
        changes.writeLock().lock();
        try {
            List<PodLife> undone = oracle.since(this, then).stream()
                    .filter(life -> life.isCreated()
                            && (life.hasEnded() || life.createdFrom().isAfter(then)))
                    .toList();
            undone.forEach(PodLife::ending);
            snapshot.restore();
            undone.forEach(PodLife::ended);
            for (PodLife life : undone) {
                if (isThere(life.pod)) {
                    cluster.delete(NAMESPACE, life.pod);
                }
            }
            for (PodLife life : oracle.since(this, Instant.now())) {
                life.isAgainAsOf(then);
                if (life.isSelected() && isThere(life.pod)) {
                    cluster.relabel(NAMESPACE, life.pod, Map.of("app", APP));
                }
            }
        } finally {
            changes.writeLock().unlock();
        }
    }

    private boolean isThere(String pod) {
        return cluster.pod(NAMESPACE, pod).isPresent();
    }

    /** Does it again until the cluster has done it, or it is so already. */
    private void insist(Runnable change, BooleanSupplier orElse, Runnable note) throws InterruptedException {
        while (!isDone(change, orElse, note)) {
            Thread.sleep(200);
        }
    }

    private boolean isDone(Runnable change, BooleanSupplier orElse, Runnable note) {
        changes.readLock().lock();
        try {
            if (succeeds(change)) {
                events.incrementAndGet();
            } else if (!orElse.getAsBoolean()) {
                return false;
            }
            note.run();
            return true;
        } catch (IllegalStateException | UncheckedIOException e) {
            return false;
        } finally {
            changes.readLock().unlock();
        }
    }

    private static boolean succeeds(Runnable change) {
        try {
            change.run();
            return true;
        } catch (IllegalStateException | UncheckedIOException e) {
            return false;
        }
    }

    /** Starts the program in place of one that has ended; returns when it is ready. */
    void start() throws InterruptedException {
        Program started = configured.start("run");
        program = started;
        awaitReady(started);
    }

    /** A rolling update: the new program is ready before the old one is told to end. */
    void roll() throws InterruptedException {
        Program old = running();
        Program started = configured.start("run");
        awaitReady(started);
        program = started;
        end(old);
    }

    void kill() {
        running().close();
        program = null;
    }

    /** SIGTERM, upon which it has to exit with 0. */
    void end() {
        end(running());
        program = null;
    }

    private void end(Program ending) {
        ending.terminate();
        try {
            int exit = ending.exitCode(Duration.ofMinutes(1));
            if (exit != 0) {
                oracle.programFailed("exit code %d after SIGTERM".formatted(exit));
            }
        } catch (IllegalStateException e) {
            oracle.programFailed("did not end within a minute of SIGTERM");
        }
        ending.close();
    }

    void signal(String signal) {
        Signals.send(running().pid(), signal);
    }

    /** The command that a CronJob runs; whether it succeeds is another matter. */
    void sweepOnce() {
        try (Program sweep = configured.start("sweep")) {
            int exit = sweep.exitCode(PATIENCE);
            if (exit != 0 && exit != 1) {
                oracle.programFailed("exit code %d of a sweep".formatted(exit));
            }
        }
    }

    /** Ends the program, however it is, and the cluster. */
    void close() {
        Program running = program;
        if (running != null) {
            running.close();
        }
        cluster.close();
    }

    private Program running() {
        Program running = program;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    private void awaitReady(Program started) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (!started.isReady()) {
            if (!started.isRunning() || Instant.now().isAfter(until)) {
                oracle.programFailed("not ready within %s, or ended: %s".formatted(PATIENCE, started.log()));
                return;
            }
            Thread.sleep(50);
        }
    }

    private void read(String line, Consumer<String> log) {
        log.accept(name + " " + line);
        if (line.contains(" ERROR ")) {
            oracle.programFailed(line);
        }
    }
}
