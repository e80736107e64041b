package dev.agentreaper.bench;

import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Our own program.
 *
 * @param executable the native one; empty for the JVM's
 * @param heap the option that bounds its heap
 */
record AgentReaper(String name, String executable, String heap) implements Watcher {
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);
    /** As the README has it: for a program that waits most of its time. */
    static final List<String> OF_THE_JVM = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /** The same program with more memory. */
    AgentReaper withHeap(String other) {
        return new AgentReaper(name, executable, other);
    }

    @Override
    public Running start(Stage stage, Map<String, String> settings) throws InterruptedException {
        Running ready = startReady(stage, settings);
        Stage.await("the first list of the pool by " + name, () -> stage.calls(AzureDevOpsOperation.LIST_AGENTS) > 0);
        return ready;
    }

    /** Returns as soon as it says that it is ready. */
    Running startReady(Stage stage, Map<String, String> settings) throws InterruptedException {
        Program program = with(stage, settings).start("run");
        try {
            Stage.await("readiness of " + name, program::isReady);
        } catch (IllegalStateException e) {
            List<String> log = program.log();
            program.close();
            throw new IllegalStateException(e.getMessage() + ", which logged " + log, e);
        }
        return new Started(program);
    }

    /** Runs a command to its end. */
    void run(Stage stage, Map<String, String> settings, String... arguments) {
        try (Program program = with(stage, settings).start(arguments)) {
            int exitCode = program.exitCode(ENDS_WITHIN);
            if (exitCode != 0) {
                throw new IllegalStateException(
                        "%s %s ended with %d: %s".formatted(name, List.of(arguments), exitCode, program.log()));
            }
        }
    }

    private Program.Builder with(Stage stage, Map<String, String> settings) {
        Program.Builder builder = Program.with()
                .executable(executable)
                .vmOption(heap)
                .env("KUBECONFIG", stage.kubernetes.kubeconfig())
                .env("AZP_URL", stage.azure.url())
                .env("AZP_POOL", stage.pool.name())
                .env("AZP_TOKEN", stage.azure.token())
                .env("REAPER_MODE", "delete")
                .env("REAPER_POD_SELECTOR", Stage.SELECTOR)
                .env("REAPER_SWEEP_EVERY", "off");
        if (executable.isEmpty()) {
            OF_THE_JVM.forEach(builder::vmOption);
        }
        settings.forEach(builder::env);
        return builder;
    }

    private record Started(Program program) implements Running {
        @Override
        public ProcessCost cost() {
            return new ProcessCost(program.pid());
        }

        @Override
        public void close() {
            program.close();
        }
    }
}
