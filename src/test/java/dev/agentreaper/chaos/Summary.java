package dev.agentreaper.chaos;

import static java.util.stream.Collectors.joining;

import dev.agentreaper.chaos.Oracle.Violation;
import dev.agentreaper.chaos.Oracle.Wrong;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What came of it.
 *
 * @param podEvents changes of pods that the API servers took
 * @param removals DELETEs that Azure DevOps took
 * @param longest that a ghost stayed which could have been removed, in the events' and the sweeps' care alike
 * @param faults how many of each kind
 */
record Summary(
        long seed,
        Duration took,
        long podEvents,
        long registrations,
        int removals,
        Duration longest,
        Map<String, Long> faults,
        List<Violation> violations) {

    long count(Wrong wrong) {
        return violations.stream()
                .filter(violation -> violation.wrong() == wrong)
                .count();
    }

    @Override
    public String toString() {
        return """
                seed           %d
                took           %d s
                pod events     %,d
                registrations  %,d
                removals       %,d, the latest %.1f s after its pod's end, the last fault and its job's end
                faults         %,d
                %s
                wrong          %d removed that should have stayed
                missed         %d that should have gone
                other          %d
                %s""".formatted(
                        seed,
                        took.toSeconds(),
                        podEvents,
                        registrations,
                        removals,
                        longest.toMillis() / 1_000.0,
                        faults.values().stream().mapToLong(Long::longValue).sum(),
                        faults.entrySet().stream()
                                .map(fault -> "  %,6d  %s".formatted(fault.getValue(), fault.getKey()))
                                .collect(joining("\n")),
                        count(Wrong.SAFETY),
                        count(Wrong.LIVENESS),
                        count(Wrong.OTHER_WRITE) + count(Wrong.PROGRAM),
                        violations.stream().map(Violation::toString).collect(joining("\n")));
    }
}
