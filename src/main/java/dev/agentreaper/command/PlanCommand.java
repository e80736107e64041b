package dev.agentreaper.command;

import dev.agentreaper.config.SettingsReader.Purpose;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a sweep would do now. */
@Command(
        name = "plan",
        description = "Says of each agent whether a sweep would remove it now, and why not; removes nothing.",
        mixinStandardHelpOptions = true)
public class PlanCommand implements Callable<Integer> {
    private final OneShot oneShot;

    @Mixin
    OneShotOptions options = new OneShotOptions();

    PlanCommand(OneShot oneShot) {
        this.oneShot = oneShot;
    }

    @Override
    public Integer call() throws InterruptedException {
        return oneShot.run(Purpose.PLAN, options);
    }
}
