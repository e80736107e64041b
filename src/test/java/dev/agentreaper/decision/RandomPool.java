package dev.agentreaper.decision;

import static dev.agentreaper.decision.AgentBuilder.NOW;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A pool, its cluster's pods and a policy, made of a seed; few names and times, so that they meet often. */
record RandomPool(List<Agent> agents, List<Pod> pods, Policy policy) {
    private static final List<Duration> TIMES = Stream.of(
                    -1L, 0L, 299_999L, 300_000L, 300_001L, 599_999L, 600_000L, 600_001L, 3_600_000L)
            .map(Duration::ofMillis)
            .toList();
    private static final List<String> NAMES =
            List.of("agent-1", "agent-2", "agent-3", "agent-10", "other-1", "other-2", "vm-1", "linux-template");
    private static final List<String> GLOBS = List.of("agent-*", "*-1", "agent-?", "vm", "other-2", "*");

    static RandomPool of(RandomGenerator random) {
        List<Agent> agents = new ArrayList<>();
        int agentCount = random.nextInt(12);
        for (int id = 1; id <= agentCount; id++) {
            agents.add(agent(id, random));
        }
        List<Pod> pods = new ArrayList<>();
        int podCount = random.nextInt(6);
        for (int i = 0; i < podCount; i++) {
            pods.add(pod("pod-" + i, random));
        }
        return new RandomPool(List.copyOf(agents), List.copyOf(pods), policy(random));
    }

    RandomPool with(Policy other) {
        return new RandomPool(agents, pods, other);
    }

    List<Ruling> sweep() {
        return Decision.onAll(agents, Situation.ofSweep(agents, pods, policy, NOW));
    }

    static Pod pod(String name, RandomGenerator random) {
        PodAgent agent = switch (random.nextInt(24)) {
            case 0 -> new PodAgent.Unmapped("from a Secret");
            case 1 -> new PodAgent.NotYet();
            default -> new PodAgent.Named(agentName(random));
        };
        return new Pod(
                new PodKey("agents", name),
                "uid-" + name,
                agent,
                DeclaredPool.UNKNOWN,
                random.nextInt(2) == 0,
                random.nextInt(12) == 0,
                random.nextInt(4) == 0 ? null : ago(random),
                random.nextInt(4) == 0 ? ago(random) : null);
    }

    static String glob(RandomGenerator random) {
        return any(GLOBS, random);
    }

    private static Agent agent(int id, RandomGenerator random) {
        return new Agent(
                id,
                agentName(random),
                random.nextInt(8) == 0,
                random.nextInt(10) != 0,
                random.nextInt(10) == 0,
                random.nextInt(10) == 0 ? null : ago(random),
                capabilities(random));
    }

    private static Map<String, String> capabilities(RandomGenerator random) {
        Map<String, String> capabilities = new HashMap<>();
        if (random.nextInt(8) != 0) {
            capabilities.put("CLUSTER", random.nextInt(8) == 0 ? "b" : "a");
        }
        if (random.nextInt(16) == 0) {
            capabilities.put("AZP_TEMPLATE_JOB", random.nextBoolean() ? "1" : "0");
        }
        if (random.nextInt(16) == 0) {
            capabilities.put("AZP_PLACEHOLDER", "");
        }
        return capabilities;
    }

    private static Policy policy(RandomGenerator random) {
        return new Policy(
                new Globs(random.nextInt(4) == 0 ? List.of(glob(random)) : List.of()),
                random.nextInt(3) == 0 ? Map.of("CLUSTER", "a") : Map.of(),
                new Globs(random.nextInt(4) == 0 ? List.of(glob(random)) : List.of("*")),
                random.nextBoolean() ? Duration.ofMinutes(10) : Duration.ofMillis(random.nextInt(2)),
                random.nextInt(2) == 0 ? random.nextInt(3) : 200);
    }

    private static AgentName agentName(RandomGenerator random) {
        String name = any(NAMES, random);
        return new AgentName(random.nextInt(4) == 0 ? name.toUpperCase(Locale.ROOT) : name);
    }

    private static Instant ago(RandomGenerator random) {
        return NOW.minus(any(TIMES, random));
    }

    private static <T> T any(List<T> values, RandomGenerator random) {
        return values.get(random.nextInt(values.size()));
    }
}
