package dev.agentreaper.command;

import dev.agentreaper.config.ConfigurationException;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** Goes over every pool once, prints what came of it, and ends. */
@ApplicationScoped
public class OneShot {
    private final Configuration configuration;
    private final Parts parts;

    OneShot(Configuration configuration, Parts parts) {
        this.configuration = configuration;
        this.parts = parts;
    }

    /** What is done with a pool. */
    interface Work {
        SweepResult on(Sweeper sweeper) throws ProblemException, InterruptedException;
    }

    /**
     * @param offlineFor in place of that of the settings; null for that
     * @param good which results are a success
     * @return the exit code
     */
    int run(
            String command,
            Purpose purpose,
            Work work,
            Predicate<SweepResult> good,
            OutputFormat format,
            @Nullable Duration offlineFor)
            throws InterruptedException {
        Report report;
        boolean failed = false;
        try {
            Configuration.Ready ready = configuration.read(purpose);
            List<PoolReport> pools = new ArrayList<>();
            for (PoolParts pool : parts.of(
                    ready.settings(),
                    ready.kubernetes(),
                    InstantSource.system(),
                    policy -> adjusted(policy, offlineFor))) {
                PoolReport done = report(pool, work);
                failed |= done.result() == null || !good.test(done.result());
                pools.add(done);
            }
            report = new Report(command, ready.settings().mode(), pools);
        } catch (ConfigurationException e) {
            return Faults.tell(e);
        }
        System.out.println(report.as(format));
        return failed ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private static PoolReport report(PoolParts pool, Work work) throws InterruptedException {
        String name = pool.settings().name();
        String inAzure = pool.settings().pool();
        try {
            return new PoolReport(name, inAzure, null, work.on(pool.sweeper(WatchedPods.NONE)));
        } catch (ProblemException e) {
            return new PoolReport(name, inAzure, e.getMessage(), null);
        }
    }

    private static Policy adjusted(Policy policy, @Nullable Duration offlineFor) {
        return offlineFor == null ? policy : policy.withOfflineFor(offlineFor);
    }
}
