package dev.agentreaper.command;

import dev.agentreaper.config.ConfigurationException;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.config.Settings;
import dev.agentreaper.config.SettingsReader.Purpose;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.removal.WatchedPods;
import dev.agentreaper.sweep.SweepResult;
import dev.agentreaper.sweep.Sweeper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** Goes over every pool once, prints what came of it, and ends. */
@ApplicationScoped
public class OneShot {
    private static final Logger LOG = Logger.getLogger(OneShot.class);

    private final Configuration configuration;
    private final Wiring wiring;

    OneShot(Configuration configuration, Wiring wiring) {
        this.configuration = configuration;
        this.wiring = wiring;
    }

    /**
     * @param purpose the command's, {@code PLAN} or {@code SWEEP}
     * @return the exit code
     */
    int run(Purpose purpose, OneShotOptions options) throws InterruptedException {
        Configuration.Ready ready;
        try {
            ready = configuration.read(purpose);
        } catch (ConfigurationException e) {
            return Faults.tell(e);
        }
        Settings settings = ready.settings();
        List<PoolReport> reports = new ArrayList<>();
        boolean failed = false;
        try (Attendance attendance = new Attendance(settings.shutdownTimeout())) {
            try (ProgressLine progress = new ProgressLine()) {
                for (PoolWiring pool : wiring.wire(
                        settings,
                        ready.kubernetes(),
                        InstantSource.system(),
                        policy -> adjusted(policy, options.offlineFor))) {
                    Sweeper sweeper = pool.sweeper(WatchedPods.NONE);
                    if (!attendance.begins(pool.settings(), sweeper)) {
                        break;
                    }
                    progress.begins(pool.settings(), sweeper);
                    PoolReport done = report(pool.settings(), sweeper, purpose);
                    SweepResult result = done.result();
                    failed |= result == null || (purpose == Purpose.SWEEP && !result.isComplete());
                    reports.add(done);
                }
            }
            System.out.println(new Report(purpose.name().toLowerCase(Locale.ROOT), settings.mode(), reports)
                    .as(options.output.format));
            failed |= !Stdout.isWritten();
            return attendance.exitCode(failed ? ExitCode.SOFTWARE : ExitCode.OK);
        }
    }

    private static PoolReport report(PoolSettings pool, Sweeper sweeper, Purpose purpose) throws InterruptedException {
        try {
            SweepResult result = purpose == Purpose.SWEEP ? sweeper.sweep() : sweeper.plan();
            return new PoolReport(pool.name(), pool.pool(), null, result);
        } catch (ProblemException e) {
            return new PoolReport(pool.name(), pool.pool(), e.getMessage(), null);
        } catch (RuntimeException e) {
            // The other pools are gone over all the same.
            LOG.errorf(e, "pool %s: a fault of Agent Reaper; report it", pool.name());
            return new PoolReport(pool.name(), pool.pool(), "a fault of Agent Reaper: " + e, null);
        }
    }

    private static Policy adjusted(Policy policy, @Nullable Duration offlineFor) {
        return offlineFor == null ? policy : policy.withOfflineFor(offlineFor);
    }
}
