package dev.agentreaper.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.agentreaper.chaos.Oracle.Wrong;
import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** That the oracle of the chaos finds what is wrong with a program that lacks one of its safeguards. */
class OracleIT {
    @ParameterizedTest
    @MethodSource
    @DisabledIfSystemProperty(
            named = "agent.reaper.executable",
            matches = ".+",
            disabledReason = "The JVM's program is mutated, as its classes can be changed.")
    void aMissingSafeguardIsFound(Mutant mutant, Wrong found, @TempDir Path directory)
            throws IOException, InterruptedException {
        Path jar = mutant.make(directory.resolve("quarkus-app"));
        try (Chaos chaos = new Chaos(
                1,
                List.of(KubernetesSimulator.start()),
                40,
                () -> Program.with().jar(jar),
                line -> {})) {

            Summary summary = chaos.run(Duration.ofMinutes(3), Chaos.Calm.LASTING);

            assertThat(summary.violations())
                    .as("%s", summary)
                    .isNotEmpty()
                    .allMatch(violation -> violation.wrong() == found);
        }
    }

    static Stream<Arguments> aMissingSafeguardIsFound() {
        return Stream.of(
                arguments(Mutant.WITHOUT_LIVE_RECHECK, Wrong.SAFETY),
                arguments(Mutant.WITHOUT_PROTECTED, Wrong.SAFETY),
                arguments(Mutant.WITH_404_FOR_SUCCESS, Wrong.LIVENESS));
    }
}
