package dev.agentreaper.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Grafana dashboard of the monitoring component. */
public final class Dashboard {
    static final Path FILE = Path.of("kubernetes", "components", "monitoring", "dashboard.json");

    private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)}}");

    private Dashboard() {}

    /**
     * What a panel asks Prometheus.
     *
     * @param panel its title
     * @param promql with the variables replaced, as for all of what there is
     * @param labels those that the legend shows
     */
    public record Query(String panel, String promql, Set<String> labels) {}

    static JsonNode json() {
        try {
            return new ObjectMapper().readTree(Files.readString(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All panels but the rows between them. */
    static List<JsonNode> panels() {
        return json().path("panels")
                .valueStream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }

    public static List<Query> queries() {
        return panels().stream().flatMap(Dashboard::queries).toList();
    }

    private static Stream<Query> queries(JsonNode panel) {
        return panel.path("targets")
                .valueStream()
                .map(target -> new Query(
                        panel.path("title").asText(),
                        replaced(target.path("expr").asText()),
                        LEGEND.matcher(target.path("legendFormat").asText())
                                .results()
                                .map(label -> label.group(1))
                                .collect(Collectors.toSet())));
    }

    private static String replaced(String promql) {
        return promql.replace("$__rate_interval", "5m")
                .replace("$__range", "1h")
                .replaceAll("\\$(namespace|job|pool)\\b", ".*");
    }
}
