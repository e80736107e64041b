package dev.agentreaper.command;

import dev.agentreaper.config.ConfigurationException;
import dev.agentreaper.health.Fault;
import java.util.List;
import picocli.CommandLine.ExitCode;

/** Tells what is wrong with the configuration. */
final class Faults {
    private Faults() {}

    /**
     * Tells what was found before the command could begin, and is a result of {@code check}.
     *
     * @return the exit code
     */
    static int tell(List<Fault> faults, List<String> arguments) {
        if (!arguments.contains("check")) {
            return tell(faults);
        }
        CheckReport report = new CheckReport(OutputOption.format(arguments));
        faults.forEach(fault -> report.add(CheckCommand.wrong(fault)));
        report.finish();
        return ExitCode.SOFTWARE;
    }

    /** @return the exit code */
    static int tell(ConfigurationException wrong) {
        return tell(wrong.faults());
    }

    private static int tell(List<Fault> faults) {
        System.err.println("agent-reaper: the configuration is wrong:");
        faults.forEach(fault -> System.err.println("  " + fault));
        return ExitCode.USAGE;
    }
}
