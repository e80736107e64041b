package dev.agentreaper.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to decide on the 3,000 agents of a pool, half of them stragglers; and on the one agent of an event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {
    private static final int AGENTS = 3_000;
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant AN_HOUR_AGO = NOW.minus(Duration.ofHours(1));

    private final Policy policy = new Policy(
            new Globs(List.of("vm-*")), Map.of(), new Globs(List.of("agent-*")), Duration.ofMinutes(10), AGENTS);
    private final List<Agent> agents =
            IntStream.range(0, AGENTS).mapToObj(DecisionBenchmark::agent).toList();
    private final List<Pod> pods =
            agents.stream().filter(Agent::online).map(DecisionBenchmark::podOf).toList();
    private final Agent ghost = agents.getLast();

    /** What a sweep decides, from agents and pods that have been read. */
    @Benchmark
    public Object sweep() {
        return Decision.onAll(agents, Situation.ofSweep(agents, pods, policy, NOW));
    }

    /** What is decided when a pod has gone. */
    @Benchmark
    public Object event() {
        return Decision.on(ghost, Situation.ofEvent(Trigger.EVENT, policy, NOW, Set.of(), Set.of()));
    }

    private static Agent agent(int number) {
        return new Agent(
                number + 1, new AgentName("agent-" + number), number % 2 == 0, true, false, AN_HOUR_AGO, Map.of());
    }

    private static Pod podOf(Agent agent) {
        String name = agent.name().value();
        return new Pod(
                new PodKey("agents", name),
                "uid-" + name,
                new PodAgent.Named(agent.name()),
                DeclaredPool.UNKNOWN,
                false,
                false,
                AN_HOUR_AGO,
                null);
    }
}
