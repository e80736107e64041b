package dev.agentreaper.decision;

import static dev.agentreaper.decision.Trigger.SWEEP;

import java.util.function.BiPredicate;

/**
 * Why an agent is kept: the rules in the order in which they are asked. The first that holds is the recorded reason; an
 * agent for which none holds is removed.
 */
public enum KeepReason {
    /** A live pod runs an agent of this name. */
    POD_ALIVE((agent, situation) -> situation.agentsOfLivePods().contains(agent.name())),

    /** The operator protects its name, or it is a placeholder: removing that would stop KEDA's scaling. */
    PROTECTED((agent, situation) -> situation.policy().protect().match(agent.name())
            || agent.isPlaceholder()
            || situation.agentsOfPlaceholders().contains(agent.name())),

    /** It lacks a capability that marks this cluster's agents, or is none of those that a sweep may remove. */
    NOT_OURS((agent, situation) -> !agent.capabilities()
                    .entrySet()
                    .containsAll(situation.policy().capabilities().entrySet())
            || (situation.is(SWEEP) && !situation.policy().sweepAgents().match(agent.name()))),

    /** An agent pod's agent name can't be told, so any of these agents could be the one that it runs. */
    UNMAPPED((agent, situation) -> situation.is(SWEEP) && situation.unmapped()),

    /** Azure DevOps does not call it offline. */
    ONLINE((agent, situation) -> situation.is(SWEEP) && agent.online()),

    /** A person has disabled it, and has not said what is to become of it. */
    DISABLED((agent, situation) -> situation.is(SWEEP) && !agent.enabled()),

    /** A job is assigned to it. */
    BUSY((agent, situation) -> situation.is(SWEEP) && agent.busy()),

    /** It has not been offline for long enough, or has never been online, as placeholders have not. */
    GRACE((agent, situation) -> agent.statusChangedOn() == null
            ? !situation.is(Trigger.EVENT)
            : situation.is(SWEEP)
                    && agent.statusChangedOn()
                            .isAfter(
                                    situation.instant().minus(situation.policy().offlineFor()))),

    /** Pods run and none of their agents is online: network, service or configuration is wrong, not the agents. */
    OUTAGE((agent, situation) -> situation.is(SWEEP) && situation.outage()),

    /** This sweep already removes as many as it may, all of them offline for longer than this one. */
    LIMIT((agent, situation) -> situation.overLimit().contains(agent.id()));

    // A function that holds nothing.
    @SuppressWarnings("ImmutableEnumChecker")
    private final BiPredicate<Agent, Situation> rule;

    KeepReason(BiPredicate<Agent, Situation> rule) {
        this.rule = rule;
    }

    boolean keeps(Agent agent, Situation situation) {
        return rule.test(agent, situation);
    }
}
