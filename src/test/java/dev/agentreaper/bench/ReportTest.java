package dev.agentreaper.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Figure TOOK = new Figure("took", "ms");

    /** Made of samples that are given, so that nothing is timed. */
    private record Given(List<Turn> turns) implements Measurement {
        @Override
        public String name() {
            return "given";
        }

        @Override
        public String what() {
            return "What was given.";
        }

        @Override
        public int rounds() {
            return 2;
        }
    }

    private static Turn turn(String who, double... samples) {
        return new Turn(who, taker -> {
            for (double sample : samples) {
                taker.add(TOOK, sample);
            }
        });
    }

    private static Result result(List<Turn> turns, Goal... goals) throws InterruptedException {
        return Result.of(new Given(turns), List.of(goals), line -> {});
    }

    @Test
    void theMedianIsTheMiddleOfAllRounds() {
        assertThat(Series.of(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
        assertThat(Series.of(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
    }

    @Test
    void ninetyNineOfAHundredSamplesAreNoMoreThanTheirP99() {
        Series hundred = Series.of(
                IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList());

        assertThat(hundred.p99()).isEqualTo(99);
        assertThat(hundred.hasP99()).isTrue();
        assertThat(Series.of(hundred.sorted().subList(0, 99)).hasP99()).isFalse();
    }

    @Test
    void eachIsComparedWithThoseAfterIt() throws InterruptedException {
        List<Row> rows = result(List.of(turn("ours", 2, 2), turn("theirs", 10), turn("bare", 8)))
                .rows();

        assertThat(rows).extracting(Row::who).containsExactly("ours", "theirs", "bare");
        assertThat(rows.get(0).series().count()).isEqualTo(4);
        assertThat(rows.get(0).ratios()).containsEntry("theirs", 0.2).containsEntry("bare", 0.25);
        assertThat(rows.get(2).ratios()).isEmpty();
    }

    @Test
    void aGoalIsMetAtItsLimitAndMissedBeyondIt() throws InterruptedException {
        List<Row> rows = result(
                        List.of(turn("ours", 2), turn("theirs", 10)),
                        Goal.of("ours", TOOK, Goal.Statistic.MEDIAN, 2),
                        Goal.of("ours", TOOK, Goal.Statistic.MOST, 1.9),
                        Goal.ratio("ours", TOOK, 0.2, "theirs"),
                        Goal.ratio("ours", TOOK, 0.2, "nobody"))
                .rows();

        assertThat(rows.get(0).verdicts()).extracting(Row.Verdict::met).containsExactly(true, false, true, null);
    }

    @Test
    void aTurnThatFailsIsToldOfAndTheOthersGoOn() throws InterruptedException {
        Turn fails = new Turn("fails", samples -> {
            throw new IllegalStateException("no luck");
        });

        Result result = result(List.of(fails, turn("ours", 1)));

        assertThat(result.rows()).extracting(Row::who).containsExactly("ours");
        assertThat(Table.of(result)).contains("fails failed: java.lang.IllegalStateException: no luck");
    }

    @Test
    void theTableHasTheRatioFirstAndWhetherTheGoalIsMet() throws InterruptedException {
        String table = Table.of(result(
                List.of(turn("ours", 0.1234), turn("theirs", 1234)), Goal.of("ours", TOOK, Goal.Statistic.MEDIAN, 3)));

        assertThat(table)
                .contains("| 0.0001 × theirs  | took, ms | ours   | 0.123  | -   | 0.123 | 2 | median ≤ 3 ms: met |")
                .contains("| -                | took, ms | theirs | 1,234  | -   | 1,234 | 2 | -                  |");
    }

    @Test
    void theJsonHasWhatTheTableHas(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("bench.json");
        Result result =
                result(List.of(turn("ours", 1), turn("theirs", 4)), Goal.of("ours", TOOK, Goal.Statistic.MEDIAN, 3));

        JsonReport.write(
                file, new Machine("a cpu", 2, 1024, "Linux", "a JVM", "0", "abc", "now"), false, List.of(result));

        JsonNode json = new ObjectMapper().readTree(file.toFile());
        JsonNode row = json.at("/measurements/0/rows/0");
        assertThat(json.at("/machine/cores").asInt()).isEqualTo(2);
        assertThat(row.at("/ratios/theirs").asDouble()).isEqualTo(0.25);
        assertThat(row.path("median").asDouble()).isEqualTo(1);
        assertThat(row.at("/goals/0/met").asBoolean()).isTrue();
    }

    @Test
    void aPodIsOfTheSizeThatIsAskedFor() {
        assertThat(AgentPod.json("agents", "agent-1", 8_000)).hasSizeBetween(7_500, 8_500);
        assertThat(AgentPod.json("agents", "agent-1", 32_000)).hasSizeBetween(31_500, 32_500);
    }
}
