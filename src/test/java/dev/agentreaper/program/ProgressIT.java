package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person sees who waits, and what who reads a pipe does not. A terminal's lines are parted by each carriage return. */
class ProgressIT {
    /** What follows the carriage return that rewrites a line. */
    private static final String CLEAR = "\u001b[K";

    private static final String COLOUR = "\u001b\\[[0-9;]*m";

    private static final Pattern REMOVALS = Pattern.compile("^\u001b\\[Kremovals from linux … (\\d+) of 40$");

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @BeforeEach
    void beInAShell() {
        scene.env("PATH", System.getenv("PATH")).env("TERM", "xterm");
    }

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    @Needs(Needs.Tool.PSEUDO_TERMINAL)
    void aSweepShowsHowFarItsRemovalsAreAndClearsThatBeforeItsLogAndItsResult() {
        haveSlowRemovals();

        try (Program program = scene.by(terminal("$*")).start("sweep")) {
            assertThat(program.exitCode(OneShotScene.WITHIN)).isZero();
            List<String> lines = program.output().replaceAll(COLOUR, "").lines().toList();
            List<Integer> progress = lines.stream()
                    .map(REMOVALS::matcher)
                    .filter(matcher -> matcher.matches())
                    .map((MatchResult shown) -> Integer.parseInt(shown.group(1)))
                    .toList();

            assertThat(progress).isSorted().hasSizeGreaterThan(2);
            assertThat(progress.getLast()).isGreaterThan(progress.getFirst());
            assertThat(lines)
                    .filteredOn(line -> line.contains(" removed pool=default agent="))
                    .hasSize(40)
                    .allMatch(line -> line.startsWith(CLEAR + "20"));
            assertThat(lines).contains(CLEAR + "pool default (linux), mode delete, 0 pods selected");
            assertThat(lines)
                    .filteredOn(line -> line.contains(" … "))
                    .allMatch(line -> line.startsWith(CLEAR) && line.matches(".*(\\d| …)$"));
        }
    }

    @Test
    @Needs(Needs.Tool.PSEUDO_TERMINAL)
    void itIsShownToWhoPipesTheResultAlone() throws IOException {
        scene.straggler("agent-1");
        scene.azure.answerAfter(Duration.ofSeconds(2), AzureDevOpsOperation.LIST_AGENTS);

        try (Program program = scene.by(terminal("$* > result")).start("plan", "--output", "json")) {
            assertThat(program.exitCode(OneShotScene.WITHIN)).isZero();

            assertThat(program.output().lines()).contains(CLEAR + "listing agents of linux … 0");
            assertThat(program.output()).endsWith(CLEAR);
            assertThat(OneShotScene.json(Files.readString(program.directory().resolve("result")))
                            .at("/pools/0/agents/0/name")
                            .asText())
                    .isEqualTo("agent-1");
        }
    }

    @Test
    @Needs(Needs.Tool.PSEUDO_TERMINAL)
    void aLongListShowsHowManyAgentsItHasBroughtSoFar() {
        String agent = "{\"id\":1,\"name\":\"agent-1\",\"much\":\"%s\"}".formatted("x".repeat(10_000));
        scene.azure.fail(
                AzureDevOpsFault.answerWithoutEnd(200, "{\"value\":[" + agent, "," + agent),
                AzureDevOpsOperation.LIST_AGENTS);

        try (Program program = scene.by(terminal("$*")).start("plan")) {
            eventually()
                    .until(() -> program.output()
                            .lines()
                            .anyMatch(line -> line.matches("\u001b\\[Klisting agents of linux … \\d+,\\d{3}")));
        }
    }

    @Test
    void inAPipeThereIsNone() {
        haveSlowRemovals();

        OneShotScene.Ended ended = scene.run("sweep");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.log()).hasSizeGreaterThan(40);
        assertThat(ended.log() + ended.output()).doesNotContain(CLEAR).doesNotContain(" … ");
    }

    @Test
    @Needs(Needs.Tool.PSEUDO_TERMINAL)
    void thereIsNoneOnATerminalThatCannotRewriteALine() {
        haveSlowRemovals();

        try (Program program = scene.env("TERM", "dumb").by(terminal("$*")).start("sweep")) {
            assertThat(program.exitCode(OneShotScene.WITHIN)).isZero();
            assertThat(program.output())
                    .contains("mode delete")
                    .doesNotContain(CLEAR)
                    .doesNotContain(" … ");
        }
    }

    private void haveSlowRemovals() {
        IntStream.range(0, 40).forEach(i -> scene.straggler("agent-" + i));
        scene.azure.answerAfter(Duration.ofMillis(500), AzureDevOpsOperation.DELETE_AGENT);
    }

    /** @param line what the shell on the terminal runs, where {@code $*} is the program with its arguments */
    private static List<String> terminal(String line) {
        return List.of("/bin/sh", "-c", "exec script -qec \"%s\" /dev/null".formatted(line), "sh");
    }
}
