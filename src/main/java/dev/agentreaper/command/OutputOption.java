package dev.agentreaper.command;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The option of the commands that have a result. */
public class OutputOption {
    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How the result is written to stdout; logs go to stderr.")
    OutputFormat format = OutputFormat.TEXT;

    /** That among these arguments, of a command that can't begin; where it is wrong, the default. */
    static OutputFormat format(List<String> arguments) {
        OutputOption option = new OutputOption();
        try {
            new CommandLine(option)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setUnmatchedArgumentsAllowed(true)
                    .parseArgs(arguments.toArray(String[]::new));
        } catch (CommandLine.ParameterException e) {
            return OutputFormat.TEXT;
        }
        return option.format;
    }
}
