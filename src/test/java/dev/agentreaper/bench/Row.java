package dev.agentreaper.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A figure of one who took part.
 *
 * @param ratios its median to that of each who comes later, by name
 */
record Row(Figure figure, String who, Series series, Map<String, Double> ratios, List<Verdict> verdicts) {

    /** @param met null where it can't be told, as what it is compared with was left out */
    record Verdict(Goal goal, @Nullable Boolean met) {}
}
