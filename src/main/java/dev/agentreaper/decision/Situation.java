package dev.agentreaper.decision;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All that the rules know besides the agent itself.
 *
 * @param instant «now», by Azure DevOps' clock in a sweep
 * @param agentsOfLivePods the names of the agents that live pods run
 * @param agentsOfPlaceholders the names of the agents that pods register as placeholders
 * @param unmapped a live pod's agent name can't be told
 * @param outage pods have been running and none of their agents is online
 * @param overLimit ids of the agents that are beyond the number that one sweep removes
 */
public record Situation(
        Trigger trigger,
        Policy policy,
        Instant instant,
        Set<AgentName> agentsOfLivePods,
        Set<AgentName> agentsOfPlaceholders,
        boolean unmapped,
        boolean outage,
        Set<Integer> overLimit) {

    /** What an event's removal knows, which has asked for the pods of its agent alone. */
    public static Situation ofEvent(
            Trigger trigger,
            Policy policy,
            Instant instant,
            Set<AgentName> agentsOfLivePods,
            Set<AgentName> agentsOfPlaceholders) {
        return new Situation(trigger, policy, instant, agentsOfLivePods, agentsOfPlaceholders, false, false, Set.of());
    }

    /** What a sweep knows once it has read the pool's agents and, after them, the cluster's pods. */
    public static Situation ofSweep(Collection<Agent> agents, Collection<Pod> pods, Policy policy, Instant instant) {
        Predicate<Pod> live = pod -> pod.isLive(instant, policy.offlineFor());
        return new Situation(
                Trigger.SWEEP,
                policy,
                instant,
                agentNames(pods, live),
                agentNames(pods, Pod::placeholder),
                pods.stream().anyMatch(live.and(pod -> pod.agent() instanceof PodAgent.Unmapped)),
                isOutage(agents, pods, live, instant),
                Set.of());
    }

    /** Whether the pod is live in a sweep's sense. */
    public boolean isLive(Pod pod) {
        return pod.isLive(instant, policy.offlineFor());
    }

    /** Since when an agent has to have been offline for a sweep to remove it. */
    Instant offlineSince() {
        return instant.minus(policy.offlineFor());
    }

    /** The same, with one more pod that is known to be live. */
    public Situation withLivePodOf(AgentName agent) {
        Set<AgentName> all = new HashSet<>(agentsOfLivePods);
        all.add(agent);
        return new Situation(trigger, policy, instant, all, agentsOfPlaceholders, unmapped, outage, overLimit);
    }

    Situation withOverLimit(Set<Integer> agentIds) {
        return new Situation(
                trigger, policy, instant, agentsOfLivePods, agentsOfPlaceholders, unmapped, outage, agentIds);
    }

    boolean is(Trigger other) {
        return trigger == other;
    }

    /**
     * Any pod's agent that is online, be the pod live or not, shows that agents reach the pool and that their names are
     * understood. One pod alone proves nothing: it may be the one that is broken.
     */
    private static boolean isOutage(
            Collection<Agent> agents, Collection<Pod> pods, Predicate<Pod> live, Instant instant) {
        long shouldBeOnline = pods.stream()
                .filter(live)
                .filter(pod -> pod.hasHadTimeToRegister(instant))
                .count();
        if (shouldBeOnline < 2) {
            return false;
        }
        Set<AgentName> names = agentNames(pods, pod -> true);
        return agents.stream().noneMatch(agent -> agent.online() && names.contains(agent.name()));
    }

    private static Set<AgentName> agentNames(Collection<Pod> pods, Predicate<Pod> which) {
        return pods.stream()
                .filter(which)
                .map(Pod::agent)
                .filter(PodAgent.Named.class::isInstance)
                .map(PodAgent.Named.class::cast)
                .map(PodAgent.Named::name)
                .collect(Collectors.toUnmodifiableSet());
    }
}
