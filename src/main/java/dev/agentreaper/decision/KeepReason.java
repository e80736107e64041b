package dev.agentreaper.decision;

import static dev.agentreaper.decision.Trigger.SWEEP;

import java.util.function.BiPredicate;

/**
 * Why an agent is kept: the rules in the order in which they are asked. The first that holds is the recorded reason; an
 * agent for which none holds is removed.
 */
public enum KeepReason {
    /** A live pod runs an agent of this name. */
    POD_ALIVE(Asked.ALWAYS, (agent, situation) -> situation.agentsOfLivePods().contains(agent.name())),

    /** The operator protects its name, or it is a placeholder: removing that would stop KEDA's scaling. */
    PROTECTED(
            Asked.ALWAYS,
            (agent, situation) -> situation.policy().protect().match(agent.name())
                    || agent.isPlaceholder()
                    || situation.agentsOfPlaceholders().contains(agent.name())),

    /** It lacks a capability that marks this cluster's agents, or is none of those that a sweep may remove. */
    NOT_OURS(
            Asked.ALWAYS,
            (agent, situation) -> !situation.policy().marks(agent)
                    || (situation.is(SWEEP) && !situation.policy().sweepAgents().match(agent.name()))),

    /** An agent pod's agent name can't be told, so any of these agents could be the one that it runs. */
    UNMAPPED(Asked.IN_SWEEPS, (agent, situation) -> situation.unmapped()),

    /** Azure DevOps does not call it offline. */
    ONLINE(Asked.IN_SWEEPS, (agent, situation) -> agent.online()),

    /** A person has disabled it, and has not said what is to become of it. */
    DISABLED(Asked.IN_SWEEPS, (agent, situation) -> !agent.enabled()),

    /** A job is assigned to it. */
    BUSY(Asked.IN_SWEEPS, (agent, situation) -> agent.busy()),

    /** It has not been offline for long enough, or has never been online, as placeholders have not. */
    GRACE(Asked.ALWAYS, (agent, situation) -> switch (situation.trigger()) {
        case EVENT -> false;
        case FOUND_GONE -> agent.statusChangedOn() == null;
        case SWEEP -> agent.statusChangedOn() == null || agent.statusChangedOn().isAfter(situation.offlineSince());
    }),

    /** Pods run and none of their agents is online: network, service or configuration is wrong, not the agents. */
    OUTAGE(Asked.IN_SWEEPS, (agent, situation) -> situation.outage()),

    /** This sweep already removes as many as it may, all of them offline for longer than this one. */
    LIMIT(Asked.IN_SWEEPS, (agent, situation) -> situation.overLimit().contains(agent.id()));

    private enum Asked {
        ALWAYS,
        IN_SWEEPS
    }

    private final Asked asked;

    // A function that holds nothing.
    @SuppressWarnings("ImmutableEnumChecker")
    private final BiPredicate<Agent, Situation> rule;

    KeepReason(Asked asked, BiPredicate<Agent, Situation> rule) {
        this.asked = asked;
        this.rule = rule;
    }

    /** Whether this one holds, be it the first or not. */
    public boolean keeps(Agent agent, Situation situation) {
        return (asked == Asked.ALWAYS || situation.is(SWEEP)) && rule.test(agent, situation);
    }
}
