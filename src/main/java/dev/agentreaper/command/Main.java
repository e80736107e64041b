package dev.agentreaper.command;

import dev.agentreaper.health.Fault;
import dev.agentreaper.log.JsonLog;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** Starts the program. */
@QuarkusMain
public class Main implements QuarkusApplication {
    private final CommandLine.IFactory factory;

    Main(CommandLine.IFactory factory) {
        this.factory = factory;
    }

    public static void main(String... arguments) {
        List<Fault> faults = BeforeStart.prepare(isServer(Arrays.asList(arguments)));
        if (!faults.isEmpty()) {
            System.exit(Faults.tell(faults, Arrays.asList(arguments)));
        }
        Quarkus.run(Main.class, arguments);
    }

    @Override
    public int run(String... arguments) {
        JsonLog.addFacts();
        return new CommandLine(AgentReaper.class, factory)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
    }

    /** Only {@code run} has anything to serve. */
    private static boolean isServer(List<String> arguments) {
        return arguments.isEmpty() || arguments.equals(List.of("run"));
    }
}
