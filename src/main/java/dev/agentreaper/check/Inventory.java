package dev.agentreaper.check;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.decision.Situation;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A pool's agents and its pods, to be held against each other. */
final class Inventory {
    /** Each container in a pod has it, and an agent publishes its environment. */
    static final String OF_A_POD = "KUBERNETES_SERVICE_HOST";
    /** Each agent that has once been online publishes it. */
    static final String OF_ANY_AGENT = "Agent.Name";

    private final String pool;
    private final String poolName;
    private final List<String> otherPools;
    private final Policy policy;
    private final AgentNameTemplate template;
    private final List<Agent> agents;
    private final List<Pod> live;
    private final List<Pod> ended;
    private final Map<AgentName, Agent> byName;
    private final Set<AgentName> ofLivePods;
    private final Situation sweep;
    private final Instant now;

    /**
     * @param poolName the pool's own name, whatever was given for it
     * @param otherPools the names of other pools that the agents of pods may be in
     * @param agents with those of the capabilities {@link #OF_A_POD} and {@link #OF_ANY_AGENT} that they publish
     */
    Inventory(
            PoolSettings settings,
            String poolName,
            List<String> otherPools,
            List<Agent> agents,
            List<Pod> pods,
            Instant now) {
        this.poolName = poolName;
        this.otherPools = otherPools;
        this.pool = settings.name();
        this.policy = settings.policy();
        this.template = settings.pods().template();
        this.agents = agents;
        this.live = pods.stream().filter(Pod::isLive).toList();
        this.ended = pods.stream().filter(pod -> !pod.isLive()).toList();
        this.byName = agents.stream().collect(toMap(Agent::name, agent -> agent, (one, other) -> one));
        this.ofLivePods = live.stream().flatMap(pod -> names(pod).stream()).collect(toSet());
        this.sweep = Situation.ofSweep(agents, pods, policy, now);
        this.now = now;
    }

    String pool() {
        return pool;
    }

    String poolName() {
        return poolName;
    }

    List<String> otherPools() {
        return otherPools;
    }

    Policy policy() {
        return policy;
    }

    AgentNameTemplate template() {
        return template;
    }

    List<Agent> agents() {
        return agents;
    }

    List<Pod> live() {
        return live;
    }

    List<Pod> ended() {
        return ended;
    }

    Map<AgentName, Agent> byName() {
        return byName;
    }

    Set<AgentName> ofLivePods() {
        return ofLivePods;
    }

    Stream<Agent> withoutPod() {
        return agents.stream().filter(agent -> !ofLivePods.contains(agent.name()));
    }

    List<Agent> agentsOfLivePods() {
        return agents.stream()
                .filter(agent -> ofLivePods.contains(agent.name()))
                .toList();
    }

    boolean isOurs(Agent agent) {
        return policy.marks(agent);
    }

    /** What a sweep would know now. */
    Situation sweep() {
        return sweep;
    }

    /** What is protected besides the names that always are. */
    Globs protectedByOperator() {
        return policy.protect().without(Policy.ALWAYS_PROTECTED);
    }

    boolean hasHadTime(Pod pod) {
        return pod.hasHadTimeToRegister(now);
    }

    static Set<AgentName> names(Pod pod) {
        return pod.agent() instanceof PodAgent.Named(AgentName name) ? Set.of(name) : Set.of();
    }
}
