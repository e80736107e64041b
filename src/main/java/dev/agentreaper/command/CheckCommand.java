package dev.agentreaper.command;

import dev.agentreaper.azure.AgentPool;
import dev.agentreaper.check.Check;
import dev.agentreaper.check.Checks;
import dev.agentreaper.config.ConfigurationException;
import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.config.SettingsReader.Purpose;
import dev.agentreaper.health.Connection;
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
    private static final String EXAMPLE = " For example: ";
    /** What it has to say is among the results. */
    private static final Logger OF_CONNECTIONS = Logger.getLogger(Connection.class.getName());

    private final Configuration configuration;
    private final Parts parts;

    @Mixin
    OutputOption output = new OutputOption();

    CheckCommand(Configuration configuration, Parts parts) {
        this.configuration = configuration;
        this.parts = parts;
    }

    @Override
    public Integer call() throws InterruptedException {
        OF_CONNECTIONS.setLevel(Level.OFF);
        CheckReport report = new CheckReport(output.format);
        try {
            check(configuration.read(Purpose.CHECK), report);
        } catch (ConfigurationException e) {
            e.faults().forEach(fault -> report.add(wrong(fault)));
        }
        return report.finish() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void check(Configuration.Ready ready, CheckReport report) throws InterruptedException {
        report.add(new Check(CONFIGURATION, null, "all settings are there and can be read", null));
        InstantSource clock = InstantSource.system();
        Map<PoolSettings, AgentPool> pools = new LinkedHashMap<>();
        parts.of(ready.settings(), ready.kubernetes(), clock, UnaryOperator.identity())
                .forEach(pool -> pools.put(pool.settings(), pool.agentPool(Checks.CAPABILITIES)));
        try (var _ = new Attendance(ready.settings().shutdownTimeout())) {
            new Checks(ready.kubernetes(), clock, report::add).of(pools);
        }
    }

    /** A fault ends with an example of what is right, where there is one. */
    static Check wrong(String fault) {
        int example = fault.indexOf(EXAMPLE);
        return example < 0
                ? new Check(CONFIGURATION, null, fault, "mend it, and check again.")
                : new Check(
                        CONFIGURATION,
                        null,
                        fault.substring(0, example),
                        "set %s (an example: yours goes in its place)."
                                .formatted(fault.substring(example + EXAMPLE.length())));
    }
}
