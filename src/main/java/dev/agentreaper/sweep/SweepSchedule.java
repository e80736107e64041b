package dev.agentreaper.sweep;

import dev.agentreaper.removal.LivePods;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.scheduler.Scheduler;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Sweeps pools at their intervals, the first time at start. */
@ApplicationScoped
public class SweepSchedule {
    private static final Logger LOG = Logger.getLogger(SweepSchedule.class);

    private static final Duration WATCH_WITHIN = Duration.ofSeconds(30);

    private final Scheduler scheduler;
    private final List<Runnable> jobs = new ArrayList<>();

    SweepSchedule(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** @param livePods the watch, which has to agree to each removal */
    public void add(String pool, Duration every, Sweeper sweeper, LivePods livePods) {
        jobs.add(() -> scheduler
                .newJob("sweep of pool " + pool)
                .setInterval(every.toString())
                .setConcurrentExecution(ConcurrentExecution.SKIP)
                .setTask(execution -> sweep(pool, sweeper, livePods))
                .schedule());
    }

    /** Begins with all that were added. */
    public void start() {
        jobs.forEach(Runnable::run);
    }

    private static void sweep(String pool, Sweeper sweeper, LivePods livePods) {
        try {
            if (livePods.awaitInSync(WATCH_WITHIN)) {
                sweeper.sweep();
            }
        } catch (Sweeper.SweepException e) {
            LOG.debugf("pool %s is not swept: %s", pool, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
