package dev.agentreaper.sweep;

import dev.agentreaper.health.Heartbeat;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.log.Facts;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.scheduler.Scheduler;
import io.quarkus.scheduler.Trigger;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sweeps pools at their intervals, the first time at start. */
@ApplicationScoped
public class SweepSchedule {
    private static final Logger LOG = Logger.getLogger(SweepSchedule.class);
    private static final Duration WATCH_WITHIN = Duration.ofSeconds(30);
    private static final Duration SWEPT_WITHIN = Duration.ofHours(2);

    private final Scheduler scheduler;
    private final List<Job> jobs = new ArrayList<>();
    private volatile boolean stopped;

    SweepSchedule(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Waits until the watch can be relied on, at most so long, and says whether it can. */
    public interface WatchSync {
        boolean await(Duration within) throws InterruptedException;
    }

    private record Job(
            String pool,
            Duration every,
            Sweeper sweeper,
            WatchSync watch,
            Heartbeat heartbeat,
            ReentrantLock running,
            AtomicBoolean toldOfNoPods) {}

    /** @param watch has to be in sync before a sweep begins */
    public void add(String pool, Duration every, Sweeper sweeper, WatchSync watch, Heartbeat heartbeat) {
        jobs.add(new Job(pool, every, sweeper, watch, heartbeat, new ReentrantLock(), new AtomicBoolean()));
    }

    /** Begins with all that were added. */
    public void start() {
        for (Job job : jobs) {
            job.heartbeat().beat(SWEPT_WITHIN);
            scheduler
                    .newJob(identity(job.pool()))
                    .setInterval(job.every().toString())
                    .setConcurrentExecution(ConcurrentExecution.SKIP)
                    .setTask(execution -> run(job))
                    .schedule();
        }
    }

    /** When the pool will be swept again; null where it won't be. */
    public @Nullable Instant next(String pool) {
        Trigger trigger = scheduler.getScheduledJob(identity(pool));
        return trigger == null ? null : trigger.getNextFireTime();
    }

    private static String identity(String pool) {
        return "sweep of pool " + pool;
    }

    /** Begins no more removals, and gives those in flight this long to be done. */
    public void stop(Duration within) throws InterruptedException {
        stopped = true;
        scheduler.pause();
        jobs.forEach(job -> job.sweeper().stop());
        long deadline = System.nanoTime() + within.toNanos();
        for (Job job : jobs) {
            if (job.running().tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                job.running().unlock();
            }
        }
    }

    private void run(Job job) {
        job.heartbeat().beat(SWEPT_WITHIN);
        try {
            if (job.watch().await(WATCH_WITHIN)) {
                sweep(job);
            } else if (!stopped) {
                LOG.infof(
                        "pool %s is not swept now: the watch of pods is not in sync",
                        job.pool(), new Facts().andField("pool", job.pool()));
            }
        } catch (ProblemException e) {
            // It was told of when its connection began to fail.
            LOG.debugf("pool %s is not swept now: %s", job.pool(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // The next comes by the wall clock: where that is set back, it would be late without end.
            job.heartbeat().beat(job.every().plus(SWEPT_WITHIN));
        }
    }

    private static void sweep(Job job) throws ProblemException, InterruptedException {
        // Not held while the watch is waited for: a stop need not wait for that.
        job.running().lock();
        try {
            tellOfNoPods(job, job.sweeper().sweep());
        } finally {
            job.running().unlock();
        }
    }

    /** Once: with KEDA there often are none, and with a wrong selector there never is one. */
    private static void tellOfNoPods(Job job, SweepResult result) {
        if (result.pods() == 0 && !result.rows().isEmpty() && job.toldOfNoPods().compareAndSet(false, true)) {
            LOG.warnf(
                    "pool %s has agents, and no pod is selected. If agents run in this cluster now, mend"
                            + " REAPER_POD_SELECTOR or REAPER_NAMESPACES.",
                    job.pool(), new Facts().andField("pool", job.pool()));
        }
    }
}
