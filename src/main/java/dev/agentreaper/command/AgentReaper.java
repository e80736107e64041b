package dev.agentreaper.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The program's command line; with no command it runs. */
@Command(
        name = "agent-reaper",
        description = "Removes an Azure Pipelines agent's registration the moment its Kubernetes pod is gone.",
        subcommands = {RunCommand.class, SweepCommand.class, PlanCommand.class, CheckCommand.class},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public class AgentReaper implements Callable<Integer> {
    private final RunCommand run;

    AgentReaper(RunCommand run) {
        this.run = run;
    }

    @Override
    public Integer call() throws InterruptedException {
        return run.call();
    }
}
