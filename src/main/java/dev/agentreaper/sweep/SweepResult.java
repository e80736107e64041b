package dev.agentreaper.sweep;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.health.Problem;
import dev.agentreaper.removal.Outcome;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a sweep, or a plan, came to.
 *
 * @param rows each agent of the pool
 * @param pods how many agent pods there were
 * @param unmapped the live pods whose agent's name can't be told, with what to do; if there are any, nothing was swept
 */
public record SweepResult(List<SweepRow> rows, int pods, List<Problem> unmapped) {
    public SweepResult {
        rows = List.copyOf(rows);
        unmapped = List.copyOf(unmapped);
    }

    /** Whether all was done that was to be done. */
    public boolean isComplete() {
        boolean stopped = rows.stream().anyMatch(row -> row.ruling().removes() && row.outcome() == null);
        boolean held = !unmapped.isEmpty() || kept().containsKey(KeepReason.UNMAPPED);
        return failed().isEmpty() && !stopped && !held;
    }

    /** What was to be removed and could not be. */
    public List<Outcome.Failed> failed() {
        return rows.stream()
                .map(SweepRow::outcome)
                .filter(Outcome.Failed.class::isInstance)
                .map(Outcome.Failed.class::cast)
                .toList();
    }

    public long removed() {
        return rows.stream()
                .filter(row -> row.outcome() instanceof Outcome.Removed)
                .count();
    }

    /** How many agents are no more, whoever removed them. */
    long gone() {
        return rows.stream()
                .filter(row -> row.outcome() instanceof Outcome.Removed || row.outcome() instanceof Outcome.AlreadyGone)
                .count();
    }

    /** How many agents are kept, by reason. */
    public Map<KeepReason, Long> kept() {
        return rows.stream()
                .map(SweepRow::reason)
                .filter(Objects::nonNull)
                .collect(groupingBy(reason -> reason, () -> new EnumMap<>(KeepReason.class), counting()));
    }
}
