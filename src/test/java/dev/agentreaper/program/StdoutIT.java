package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results that can't be written where they go. */
class StdoutIT {
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource({"plan,text", "plan,json", "sweep,text", "check,text", "check,json"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "there is no /dev/full")
    void aResultThatIsLostOnAFullDiskIsAFailure(String command, String format) {
        Ended ended =
                scene.by(List.of("sh", "-c", "exec \"$@\" > /dev/full", "sh")).run(command, "--output", format);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.log())
                .filteredOn(line -> line.contains(" ERROR "))
                .singleElement()
                .asString()
                .endsWith("the result could not be written to stdout");
    }
}
