package dev.agentreaper.decision;

import static dev.agentreaper.decision.AgentBuilder.NOW;
import static dev.agentreaper.decision.AgentBuilder.agent;
import static dev.agentreaper.decision.KeepReason.GRACE;
import static dev.agentreaper.decision.KeepReason.PROTECTED;
import static dev.agentreaper.decision.Trigger.EVENT;
import static dev.agentreaper.decision.Trigger.SWEEP;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionTableTest {
    private static final Duration MS = Duration.ofMillis(1);

    @ParameterizedTest
    @FieldSource("dev.agentreaper.decision.ReasonRow#ALL")
    void anAgentIsKeptForExactlyTheTriggersOfItsReason(ReasonRow row) {
        for (Trigger trigger : Trigger.values()) {
            World world = new World();
            row.circumstance().accept(world);

            assertThat(world.verdict(trigger))
                    .as("%s, %s", row, trigger)
                    .isEqualTo(
                            row.triggers().contains(trigger) ? new Verdict.Keep(row.reason()) : new Verdict.Remove());
        }
    }

    @ParameterizedTest
    @FieldSource("dev.agentreaper.decision.ReasonRow#ALL")
    void anAgentIsRemovedInAHarmlessTwinOfAReason(ReasonRow row) {
        for (Trigger trigger : Trigger.values()) {
            World world = new World();
            row.twin().accept(world);

            assertThat(world.verdict(trigger)).as("%s, %s", row, trigger).isEqualTo(new Verdict.Remove());
        }
    }

    static Stream<Arguments> pairs() {
        return ReasonRow.ALL.stream()
                .flatMap(first -> ReasonRow.ALL.stream()
                        .filter(second -> first.reason().compareTo(second.reason()) < 0)
                        .map(second -> Arguments.of(first, second)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void theFirstOfTwoReasonsIsRecorded(ReasonRow first, ReasonRow second) {
        for (Trigger trigger : first.triggers()) {
            World world = new World();
            first.circumstance().accept(world);
            second.circumstance().accept(world);

            assertThat(world.verdict(trigger)).as("%s", trigger).isEqualTo(new Verdict.Keep(first.reason()));
        }
    }

    @Test
    void everyReasonIsInTheTable() {
        assertThat(ReasonRow.ALL).extracting(ReasonRow::reason).containsOnly(KeepReason.values());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "placeholder",
                "KEDA-Placeholder-1",
                "linux-template",
                "dummy-agent",
                "Dummy-Agent-2",
                "vm-dontdelete",
                "do-not-delete-me"
            })
    void theNamesOfPlaceholdersAreAlwaysProtected(String name) {
        assertThat(Decision.on(agent(1, name).build(), event())).isEqualTo(new Verdict.Keep(PROTECTED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux-template-1", "my-dummy-agent", "do-not-del", "place-holder", "template"})
    void namesThatOnlyResembleThemAreNot(String name) {
        assertThat(Decision.on(agent(1, name).build(), event())).isEqualTo(new Verdict.Remove());
    }

    @Test
    void theLongestOfflineGoFirstAndOfEqualsTheLowestId() {
        List<Agent> agents = Stream.of(
                        agent(4, "d").offlineFor(Duration.ofHours(2)),
                        agent(1, "a").offlineFor(Duration.ofHours(1)),
                        agent(3, "c").offlineFor(Duration.ofHours(2)),
                        agent(2, "b").offlineFor(Duration.ofHours(3)))
                .map(AgentBuilder::build)
                .toList();
        Policy policy = new PolicyBuilder().maxRemovals(2).build();

        List<Ruling> rulings = Decision.onAll(agents, Situation.ofSweep(agents, List.of(), policy, NOW));

        assertThat(rulings).extracting(ruling -> ruling.agent().id()).containsExactly(2, 3, 4, 1);
        assertThat(rulings).extracting(Ruling::removes).containsExactly(true, true, false, false);
    }

    @Test
    void withAnOfflineForOfZeroAnAgentIsKeptOnlyIfItsTimestampIsInTheFuture() {
        World world = new World();
        world.policy.offlineFor(Duration.ZERO);

        world.agent.offlineFor(Duration.ZERO);
        assertThat(world.verdict(SWEEP)).isEqualTo(new Verdict.Remove());

        world.agent.offlineFor(MS.negated());
        assertThat(world.verdict(SWEEP)).isEqualTo(new Verdict.Keep(GRACE));
    }

    @Test
    void theOrderOfReasonsIsTheContracts() {
        assertThat(Arrays.stream(KeepReason.values()).map(Enum::name))
                .containsExactly(
                        "POD_ALIVE",
                        "PROTECTED",
                        "NOT_OURS",
                        "UNMAPPED",
                        "ONLINE",
                        "DISABLED",
                        "BUSY",
                        "GRACE",
                        "OUTAGE",
                        "LIMIT");
    }

    @Test
    void theReadmeHasTheReasonsInTheirOrder() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int section = readme.indexOf("## Why an agent is kept");

        assertThat(Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|")
                        .matcher(readme.substring(section, readme.indexOf("\n## ", section)))
                        .results()
                        .map((MatchResult row) -> row.group(1)))
                .containsExactlyElementsOf(
                        Arrays.stream(KeepReason.values()).map(Enum::name).toList());
    }

    private static Situation event() {
        return Situation.ofEvent(EVENT, new PolicyBuilder().build(), NOW, Set.of(), Set.of());
    }
}
