package dev.agentreaper.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.simulator.Needs;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That it asks for what the program serves is MetricsIT's to say. */
class DashboardTest {
    private static final String DATASOURCE = "{\"type\":\"prometheus\",\"uid\":\"${datasource}\"}";

    @TempDir
    Path directory;

    @Test
    @Needs(Needs.Tool.PROMTOOL)
    void prometheusUnderstandsEachQuery() throws IOException {
        List<Dashboard.Query> queries = Dashboard.queries();
        List<Map<String, String>> rules = new ArrayList<>();
        queries.forEach(query -> rules.add(Map.of("record", "query_" + rules.size(), "expr", query.promql())));
        Path file = Files.writeString(
                directory.resolve("rules.yml"),
                Kubectl.json(Map.of("groups", List.of(Map.of("name", "dashboard", "rules", rules))))
                        .toString());

        assertThat(queries).noneMatch(query -> query.promql().contains("$"));
        assertThat(Promtool.run("", "check", "rules", file.toString())).contains(rules.size() + " rules found");
    }

    @Test
    void eachPanelSaysWhatItShowsInWhichUnitAndWhenToWorry() {
        assertThat(Dashboard.panels()).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("description").asText()).matches("(?s).*(Worry |nothing is removed).*\\.");
            assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotEmpty();
            assertThat(panel.path("targets")).isNotEmpty();
        });
        assertThat(Dashboard.json().path("panels").valueStream())
                .extracting(panel -> panel.path("id").asInt())
                .doesNotHaveDuplicates();
    }

    @Test
    void noPanelLiesOnAnotherOrBesideTheGrid() {
        List<Rectangle> places = Dashboard.json()
                .path("panels")
                .valueStream()
                .map(panel -> panel.path("gridPos"))
                .map(at -> new Rectangle(
                        at.path("x").asInt(-1),
                        at.path("y").asInt(-1),
                        at.path("w").asInt(),
                        at.path("h").asInt()))
                .toList();

        assertThat(places)
                .allMatch(new Rectangle(24, 1000)::contains)
                .allSatisfy(place ->
                        assertThat(places).filteredOn(place::intersects).containsExactly(place));
    }

    @Test
    void itImportsAnywhereAsItAsksTheDatasourceThatIsChosen() {
        JsonNode dashboard = Dashboard.json();

        assertThat(dashboard.path("id").isNull()).isTrue();
        assertThat(dashboard.path("uid").asText()).isEqualTo("agent-reaper");
        assertThat(dashboard.at("/templating/list").findValuesAsText("name"))
                .containsExactly("datasource", "namespace", "job", "pool");
        assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        assertThat(Dashboard.panels()).allSatisfy(panel -> {
            assertThat(panel.path("datasource")).hasToString(DATASOURCE);
            assertThat(panel.path("targets").valueStream())
                    .allSatisfy(target -> assertThat(target.path("datasource")).hasToString(DATASOURCE));
        });
        assertThat(dashboard.findValues("datasource"))
                .extracting(JsonNode::toString)
                .containsOnly(DATASOURCE);
    }

    @Test
    void itShowsEachMetricOfTheReadme() throws IOException {
        List<String> metrics = Pattern.compile("`(agent_reaper_\\w+)(?:\\{[^`]*})?`(?=[^|\\n]*[|,])")
                .matcher(Files.readString(Path.of("README.md")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        String queries = Dashboard.queries().toString();

        assertThat(metrics)
                .hasSizeGreaterThan(10)
                .allSatisfy(metric -> assertThat(queries).contains(metric));
    }
}
