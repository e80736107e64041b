package dev.agentreaper.command;

import picocli.CommandLine.Option;

/** The option of the commands that have a result. */
public class OutputOption {
    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "How the result is written to stdout; logs go to stderr.")
    OutputFormat format = OutputFormat.TEXT;
}
