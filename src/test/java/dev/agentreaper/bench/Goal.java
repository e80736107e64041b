package dev.agentreaper.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a figure should come to. A bench does not fail for it.
 *
 * @param comparedWith whose median is the unit; null where the figure's own is
 */
record Goal(
        String who,
        Figure figure,
        Statistic statistic,
        double atMost,
        @Nullable String comparedWith) {
    enum Statistic {
        MEDIAN,
        P99,
        MOST
    }

    static Goal of(String who, Figure figure, Statistic statistic, double atMost) {
        return new Goal(who, figure, statistic, atMost, null);
    }

    /** The same for each of ours. */
    static Stream<Goal> ofAll(List<AgentReaper> ours, Figure figure, Statistic statistic, double atMost) {
        return ours.stream().map(one -> of(one.name(), figure, statistic, atMost));
    }

    /** That the figure's median is at most this part of another's. */
    static Goal ratio(String who, Figure figure, double atMost, String comparedWith) {
        return new Goal(who, figure, Statistic.MEDIAN, atMost, comparedWith);
    }

    /** What it came to; null where what it is compared with is not there. */
    @Nullable
    Double actual(Row row) {
        if (comparedWith != null) {
            return row.ratios().get(comparedWith);
        }
        return statistic(row.series());
    }

    private double statistic(Series series) {
        return switch (statistic) {
            case MEDIAN -> series.median();
            case P99 -> series.p99();
            case MOST -> series.most();
        };
    }

    String text() {
        return comparedWith == null
                ? "%s ≤ %s %s".formatted(statistic.name().toLowerCase(Locale.ROOT), Text.number(atMost), figure.unit())
                : "≤ %s × %s".formatted(Text.number(atMost), comparedWith);
    }
}
