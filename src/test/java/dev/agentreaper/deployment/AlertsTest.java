package dev.agentreaper.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.simulator.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The alerts that the monitoring component brings. */
class AlertsTest {
    private static final Path RULE = Path.of("kubernetes", "components", "monitoring", "prometheusrule.yaml");

    @TempDir
    Path directory;

    @Test
    @Needs(Needs.Tool.PROMTOOL)
    void eachFiresForWhatItIsForAndNotForItsHarmlessTwin() throws IOException {
        Path rules = Files.writeString(directory.resolve("alerts.yml"), spec().toString());
        Path tests = Files.copy(Path.of("src", "test", "prometheus", "alerts-test.yml"), directory.resolve("test.yml"));

        assertThat(Promtool.run("", "check", "rules", rules.toString())).contains("6 rules found");
        assertThat(Promtool.run("", "test", "rules", tests.toString())).contains("SUCCESS");
    }

    @Test
    void eachIsTestedAndHasASectionThatSaysWhatToDo() throws IOException {
        String tests = Files.readString(Path.of("src", "test", "prometheus", "alerts-test.yml"));
        List<String> sections = Files.readAllLines(Path.of("docs", "alerts.md")).stream()
                .filter(line -> line.startsWith("## "))
                .toList();
        List<String> alerts = new ArrayList<>();
        spec().findValues("alert").forEach(alert -> alerts.add(alert.asText()));

        assertThat(alerts).isNotEmpty().allSatisfy(alert -> assertThat(tests).contains("alertname: " + alert));
        assertThat(sections)
                .containsExactlyElementsOf(
                        alerts.stream().map(alert -> "## " + alert).toList());
    }

    private static JsonNode spec() throws IOException {
        Object rule = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(RULE));
        return Kubectl.json(rule).path("spec");
    }
}
