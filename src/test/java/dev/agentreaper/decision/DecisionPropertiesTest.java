package dev.agentreaper.decision;

import static dev.agentreaper.decision.AgentBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each property holds for many a pool; the seed in a failure's name makes the same pool again. */
class DecisionPropertiesTest {
    static LongStream seeds() {
        return LongStream.range(0, 500);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyAgentGetsTheVerdictThatTheContractGivesIt(long seed) {
        RandomPool pool = RandomPool.of(new Random(seed));
        Oracle oracle = new Oracle(pool, Trigger.SWEEP);

        assertThat(verdicts(pool.sweep()))
                .isEqualTo(pool.agents().stream().collect(Collectors.toMap(Agent::id, oracle::verdict)));
    }

    @ParameterizedTest
    @EnumSource(names = "SWEEP", mode = EnumSource.Mode.EXCLUDE)
    void everyEventGetsTheVerdictThatTheContractGivesIt(Trigger trigger) {
        seeds().forEach(seed -> {
            RandomPool pool = RandomPool.of(new Random(seed));
            Oracle oracle = new Oracle(pool, trigger);
            Situation situation = Situation.ofEvent(
                    trigger, pool.policy(), NOW, agents(pool, Pod::isLive), agents(pool, Pod::placeholder));

            assertThat(pool.agents())
                    .as("seed %d", seed)
                    .allSatisfy(agent ->
                            assertThat(name(Decision.on(agent, situation))).isEqualTo(oracle.verdict(agent)));
        });
    }

    private static Set<AgentName> agents(RandomPool pool, Predicate<Pod> which) {
        return pool.pods().stream()
                .filter(which)
                .map(Pod::agent)
                .filter(PodAgent.Named.class::isInstance)
                .map(agent -> ((PodAgent.Named) agent).name())
                .collect(Collectors.toSet());
    }

    @Test
    void thePoolsAreSuchThatEveryVerdictIsGivenOften() {
        Map<String, Long> given = seeds().mapToObj(seed -> RandomPool.of(new Random(seed)))
                .flatMap(pool -> pool.sweep().stream())
                .collect(Collectors.groupingBy(ruling -> name(ruling.verdict()), Collectors.counting()));

        assertThat(given).hasSize(KeepReason.values().length + 1);
        assertThat(given.values()).allMatch(count -> count >= 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyAgentGetsExactlyOneRuling(long seed) {
        RandomPool pool = RandomPool.of(new Random(seed));

        assertThat(pool.sweep()).extracting(Ruling::agent).containsExactlyInAnyOrderElementsOf(pool.agents());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theOrderOfAgentsAndPodsDoesNotMatter(long seed) {
        Random random = new Random(seed);
        RandomPool pool = RandomPool.of(random);
        RandomPool shuffled =
                new RandomPool(shuffled(pool.agents(), random), shuffled(pool.pods(), random), pool.policy());

        assertThat(shuffled.sweep()).isEqualTo(pool.sweep());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aSweepLeavesNothingToTheNextIfItHasNoLimit(long seed) {
        RandomPool some = RandomPool.of(new Random(seed));
        RandomPool pool = some.with(maxRemovals(some.policy(), Integer.MAX_VALUE));
        List<Agent> kept = pool.sweep().stream()
                .filter(ruling -> !ruling.removes())
                .map(Ruling::agent)
                .toList();

        assertThat(new RandomPool(kept, pool.pods(), pool.policy()).sweep()).noneMatch(Ruling::removes);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void oneMoreLivePodOfAnAgentNeverLetsThatAgentGo(long seed) {
        Random random = new Random(seed);
        RandomPool pool = RandomPool.of(random);
        for (Agent agent : pool.agents()) {
            Pod some = RandomPool.pod("one-more", random).with(new PodAgent.Named(agent.name()));
            Pod live = new Pod(
                    some.key(),
                    some.uid(),
                    some.agent(),
                    some.declared(),
                    false,
                    some.placeholder(),
                    some.started(),
                    null);
            List<Pod> pods =
                    Stream.concat(pool.pods().stream(), Stream.of(live)).toList();

            assertThat(ids(new RandomPool(pool.agents(), pods, pool.policy()).sweep(), Ruling::removes))
                    .doesNotContain(agent.id());
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aLongerOfflineForLetsNoOtherAgentGo(long seed) {
        Random random = new Random(seed);
        RandomPool pool = RandomPool.of(random);
        Duration longer = pool.policy().offlineFor().plusMillis(random.nextInt(700_000));

        assertThat(ids(pool.with(pool.policy().withOfflineFor(longer)).sweep(), DecisionPropertiesTest::goesSometime))
                .isSubsetOf(ids(pool.sweep(), DecisionPropertiesTest::goesSometime));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void moreProtectionLetsNoOtherAgentGo(long seed) {
        Random random = new Random(seed);
        RandomPool pool = RandomPool.of(random);
        Policy policy = pool.policy();
        Policy stricter = new Policy(
                policy.protect().and(new Globs(List.of(RandomPool.glob(random)))),
                policy.capabilities(),
                policy.sweepAgents(),
                policy.offlineFor(),
                policy.maxRemovals());

        assertThat(ids(pool.with(stricter).sweep(), DecisionPropertiesTest::goesSometime))
                .isSubsetOf(ids(pool.sweep(), DecisionPropertiesTest::goesSometime));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aSmallerLimitLetsNoOtherAgentGo(long seed) {
        RandomPool some = RandomPool.of(new Random(seed));
        Collection<Integer> before = Set.of();
        for (int limit = 0; limit <= some.agents().size(); limit++) {
            Set<Integer> removed =
                    ids(some.with(maxRemovals(some.policy(), limit)).sweep(), Ruling::removes);

            assertThat(removed).hasSizeLessThanOrEqualTo(limit).containsAll(before);
            before = removed;
        }
    }

    /** Now or, where the limit holds it up, in a later sweep. */
    private static boolean goesSometime(Ruling ruling) {
        return ruling.removes() || ruling.verdict().equals(new Verdict.Keep(KeepReason.LIMIT));
    }

    private static Policy maxRemovals(Policy policy, int number) {
        return new Policy(policy.protect(), policy.capabilities(), policy.sweepAgents(), policy.offlineFor(), number);
    }

    private static <T> List<T> shuffled(List<T> values, Random random) {
        List<T> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static Set<Integer> ids(List<Ruling> rulings, Predicate<Ruling> which) {
        return rulings.stream()
                .filter(which)
                .map(ruling -> ruling.agent().id())
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Map<Integer, String> verdicts(List<Ruling> rulings) {
        return rulings.stream()
                .collect(Collectors.toMap(ruling -> ruling.agent().id(), ruling -> name(ruling.verdict())));
    }

    private static String name(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Remove() -> "REMOVE";
            case Verdict.Keep(KeepReason reason) -> reason.name();
        };
    }
}
