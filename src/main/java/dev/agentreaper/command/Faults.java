package dev.agentreaper.command;

import dev.agentreaper.config.ConfigurationException;
import picocli.CommandLine.ExitCode;

/** Tells what is wrong with the configuration. */
final class Faults {
    private Faults() {}

    /** @return the exit code */
    static int tell(ConfigurationException wrong) {
        System.err.println("agent-reaper: the configuration is wrong:");
        wrong.faults().forEach(fault -> System.err.println("  " + fault));
        return ExitCode.USAGE;
    }
}
