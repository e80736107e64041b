package dev.agentreaper.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The report for a reader: a table in Markdown for each measurement, the ratio first. */
final class Table {
    private static final List<String> HEAD =
            List.of("ratio of medians", "figure", "who", "median", "p99", "most", "n", "goal");
    private static final String NONE = "-";

    private Table() {}

    static String of(Result result) {
        StringBuilder text = new StringBuilder();
        text.append("\n## %s\n\n%s\n\n"
                .formatted(result.measurement().name(), result.measurement().what()));
        if (!result.rows().isEmpty()) {
            text.append(aligned(result.rows().stream().map(Table::cells).toList()));
        }
        result.failures().forEach((who, why) -> text.append("\n%s failed: %s\n".formatted(who, why)));
        return text.toString();
    }

    private static List<String> cells(Row row) {
        return List.of(
                ratios(row.ratios()),
                "%s, %s".formatted(row.figure().name(), row.figure().unit()),
                row.who(),
                Text.number(row.series().median()),
                row.series().hasP99() ? Text.number(row.series().p99()) : NONE,
                Text.number(row.series().most()),
                Integer.toString(row.series().count()),
                row.verdicts().isEmpty()
                        ? NONE
                        : row.verdicts().stream().map(Table::verdict).collect(Collectors.joining("; ")));
    }

    private static String ratios(Map<String, Double> ratios) {
        return ratios.isEmpty()
                ? NONE
                : ratios.entrySet().stream()
                        .map(ratio -> "%s × %s".formatted(Text.number(ratio.getValue()), ratio.getKey()))
                        .collect(Collectors.joining(", "));
    }

    private static String verdict(Row.Verdict verdict) {
        String met = verdict.met() == null ? "can't be told" : verdict.met() ? "met" : "MISSED";
        return verdict.goal().text() + ": " + met;
    }

    private static String aligned(List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>(List.of(HEAD));
        all.addAll(rows);
        List<Integer> widths = IntStream.range(0, HEAD.size())
                .mapToObj(column -> all.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElseThrow())
                .toList();
        all.add(1, widths.stream().map("-"::repeat).toList());
        return all.stream()
                .map(row -> IntStream.range(0, HEAD.size())
                        .mapToObj(column -> row.get(column)
                                + " "
                                        .repeat(widths.get(column)
                                                - row.get(column).length()))
                        .collect(Collectors.joining(" | ", "| ", " |\n")))
                .collect(Collectors.joining());
    }
}
