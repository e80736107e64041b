package dev.agentreaper.decision;

import static dev.agentreaper.decision.Trigger.SWEEP;

import java.util.function.BiPredicate;

/**
 * Why an agent is kept: the rules in the order in which they are asked. The first that holds is the recorded reason; an
 * agent for which none holds is removed.
 */
public enum KeepReason {
    /** A live pod runs an agent of this name. */
    POD_ALIVE((agent, now) -> now.livePods().contains(agent.name())),

    /** The operator protects its name, or it is a placeholder: removing that would stop KEDA's scaling. */
    PROTECTED((agent, now) -> now.policy().protect().match(agent.name())
            || agent.isPlaceholder()
            || now.placeholderPods().contains(agent.name())),

    /** It lacks a capability that marks this cluster's agents, or is none of those that a sweep may remove. */
    NOT_OURS((agent, now) -> !agent.capabilities()
                    .entrySet()
                    .containsAll(now.policy().capabilities().entrySet())
            || (now.is(SWEEP) && !now.policy().sweepAgents().match(agent.name()))),

    /** An agent pod's agent name can't be told, so any of these agents could be the one that it runs. */
    UNMAPPED((agent, now) -> now.is(SWEEP) && now.unmapped()),

    /** Azure DevOps does not call it offline. */
    ONLINE((agent, now) -> now.is(SWEEP) && agent.online()),

    /** A person has disabled it, and has not said what is to become of it. */
    DISABLED((agent, now) -> now.is(SWEEP) && !agent.enabled()),

    /** A job is assigned to it. */
    BUSY((agent, now) -> now.is(SWEEP) && agent.busy()),

    /** It has not been offline for long enough, or has never been online, as placeholders have not. */
    GRACE((agent, now) -> agent.statusChangedOn() == null
            ? !now.is(Trigger.EVENT)
            : now.is(SWEEP)
                    && agent.statusChangedOn()
                            .isAfter(now.instant().minus(now.policy().offlineFor()))),

    /** Pods run and none of their agents is online: network, service or configuration is wrong, not the agents. */
    OUTAGE((agent, now) -> now.is(SWEEP) && now.outage()),

    /** This sweep removes as many as it may already, all of them offline for longer. */
    LIMIT((agent, now) -> now.overLimit().contains(agent.id()));

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
