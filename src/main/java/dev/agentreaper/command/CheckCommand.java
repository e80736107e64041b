package dev.agentreaper.command;

import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.check.Check;
import dev.agentreaper.check.Checks;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.config.SettingsReader.Purpose;
import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Fault;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** What is wrong with the installation, and how to mend it. */
@Command(
        name = "check",
        description =
                "Tries the configuration, the rights in the cluster, and each organization, token and pool; compares pods"
                        + " with agents; and says of each thing that is wrong how to mend it. Changes nothing.",
        mixinStandardHelpOptions = true)
public class CheckCommand implements Callable<Integer> {
    private static final String CONFIGURATION = "configuration";
    /** What it has to say is among the results. */
    private static final Logger OF_CONNECTIONS = Logger.getLogger(Connection.class.getName());

    private final Configuration configuration;
    private final Wiring wiring;

    @Mixin
    OutputOption output = new OutputOption();

    CheckCommand(Configuration configuration, Wiring wiring) {
        this.configuration = configuration;
        this.wiring = wiring;
    }

    @Override
    public Integer call() throws InterruptedException {
        OF_CONNECTIONS.setLevel(Level.OFF);
        CheckReport report = new CheckReport(output.format);
        Configuration.Attempt attempt = configuration.attempt(Purpose.CHECK);
        attempt.faults().forEach(fault -> report.add(wrong(fault)));
        if (attempt.ready() != null) {
            check(attempt.ready(), attempt.faults().isEmpty(), report);
        }
        return report.finish() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** @param all whether these are all pools, and not those alone whose settings are right */
    private void check(Configuration.Ready ready, boolean all, CheckReport report) throws InterruptedException {
        if (all) {
            report.add(new Check(CONFIGURATION, null, "all settings are there and can be read", null));
        }
        InstantSource clock = InstantSource.system();
        Map<PoolSettings, AgentPool> pools = new LinkedHashMap<>();
        wiring.wire(ready.settings(), ready.kubernetes(), clock, UnaryOperator.identity())
                .forEach(pool -> pools.put(pool.settings(), pool.agentPool(Checks.CAPABILITIES)));
        try (var _ = new Attendance(ready.settings().shutdownTimeout())) {
            new Checks(ready.kubernetes(), clock, report::add).run(pools, ready.settings()::mayBeOf, all);
        }
    }

    static Check wrong(Fault fault) {
        return new Check(CONFIGURATION, null, fault.what(), fault.cure());
    }
}
