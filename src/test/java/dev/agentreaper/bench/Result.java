package dev.agentreaper.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;

/**
 * What came of a measurement.
 *
 * @param failures by name, why a turn gave no samples
 */
record Result(Measurement measurement, List<Row> rows, Map<String, String> failures) {

    /**
     * Takes the turns round after round; one that fails is told of, and the others go on.
     *
     * @param goals that the figures are judged by: the measurement's own, or none
     */
    static Result of(Measurement measurement, List<Goal> goals, Consumer<String> progress) throws InterruptedException {
        Map<Figure, Map<String, List<Double>>> samples = new LinkedHashMap<>();
        Map<String, String> failures = new LinkedHashMap<>();
        for (int round = 1; round <= measurement.rounds(); round++) {
            for (Turn turn : measurement.turns()) {
                progress.accept("%s: round %d of %d, %s"
                        .formatted(measurement.name(), round, measurement.rounds(), turn.who()));
                take(turn, samples, failures);
            }
        }
        failures.forEach((who, why) -> progress.accept("%s: %s failed: %s".formatted(measurement.name(), who, why)));
        return new Result(measurement, rows(measurement, goals, samples), failures);
    }

    // Whatever goes wrong in one turn is told of in the report, and the rest of the bench goes on.
    private static void take(Turn turn, Map<Figure, Map<String, List<Double>>> samples, Map<String, String> failures)
            throws InterruptedException {
        try {
            turn.round()
                    .take((figure, value) -> samples.computeIfAbsent(figure, unseen -> new LinkedHashMap<>())
                            .computeIfAbsent(turn.who(), unseen -> new ArrayList<>())
                            .add(value));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failures.put(turn.who(), e.toString());
        }
    }

    private static List<Row> rows(
            Measurement measurement, List<Goal> goals, Map<Figure, Map<String, List<Double>>> samples) {
        List<String> order = measurement.turns().stream().map(Turn::who).toList();
        List<Row> rows = new ArrayList<>();
        samples.forEach((figure, byName) -> {
            SequencedMap<String, Series> series = new LinkedHashMap<>();
            byName.entrySet().stream()
                    .sorted(Comparator.comparingInt(entry -> order.indexOf(entry.getKey())))
                    .forEach(entry -> series.put(entry.getKey(), Series.of(entry.getValue())));
            series.forEach((who, own) -> rows.add(row(goals, figure, who, own, ratios(who, own, series))));
        });
        return rows;
    }

    private static Map<String, Double> ratios(String who, Series own, SequencedMap<String, Series> all) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        all.reversed().entrySet().stream()
                .takeWhile(entry -> !entry.getKey().equals(who))
                .filter(entry -> entry.getValue().median() > 0)
                .forEach(entry -> ratios.put(
                        entry.getKey(), own.median() / entry.getValue().median()));
        return ratios;
    }

    private static Row row(List<Goal> goals, Figure figure, String who, Series series, Map<String, Double> ratios) {
        Row row = new Row(figure, who, series, ratios, List.of());
        List<Row.Verdict> verdicts = goals.stream()
                .filter(goal -> goal.who().equals(who) && goal.figure().equals(figure))
                .map(goal -> verdict(goal, row))
                .toList();
        return new Row(figure, who, series, ratios, verdicts);
    }

    private static Row.Verdict verdict(Goal goal, Row row) {
        Double actual = goal.actual(row);
        return new Row.Verdict(goal, actual == null ? null : actual <= goal.atMost());
    }
}
