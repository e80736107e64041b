package dev.agentreaper.command;

import dev.agentreaper.config.SettingsReader.Purpose;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** One sweep of every pool. */
@Command(
        name = "sweep",
        description = "Removes the offline agents of every pool that no live pod runs, once.",
        mixinStandardHelpOptions = true)
public class SweepCommand implements Callable<Integer> {
    private final OneShot oneShot;

    @Mixin
    OneShotOptions options = new OneShotOptions();

    SweepCommand(OneShot oneShot) {
        this.oneShot = oneShot;
    }

    @Override
    public Integer call() throws InterruptedException {
        return oneShot.run(Purpose.SWEEP, options);
    }
}
