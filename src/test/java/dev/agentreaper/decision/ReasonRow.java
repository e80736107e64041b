package dev.agentreaper.decision;

import static dev.agentreaper.decision.AgentBuilder.NOW;
import static dev.agentreaper.decision.AgentBuilder.agent;
import static dev.agentreaper.decision.KeepReason.BUSY;
import static dev.agentreaper.decision.KeepReason.DISABLED;
import static dev.agentreaper.decision.KeepReason.GRACE;
import static dev.agentreaper.decision.KeepReason.LIMIT;
import static dev.agentreaper.decision.KeepReason.NOT_OURS;
import static dev.agentreaper.decision.KeepReason.ONLINE;
import static dev.agentreaper.decision.KeepReason.OUTAGE;
import static dev.agentreaper.decision.KeepReason.POD_ALIVE;
import static dev.agentreaper.decision.KeepReason.PROTECTED;
import static dev.agentreaper.decision.KeepReason.UNMAPPED;
import static dev.agentreaper.decision.PodBuilder.pod;
import static dev.agentreaper.decision.Trigger.EVENT;
import static dev.agentreaper.decision.Trigger.FOUND_GONE;
import static dev.agentreaper.decision.Trigger.SWEEP;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One way in which a reason holds.
 *
 * @param triggers those for which the agent is kept then; for the others it is removed
 * @param circumstance makes a world in which the reason holds
 * @param twin makes a world so much like it, in which no reason holds for any trigger
 */
record ReasonRow(
        KeepReason reason,
        Set<Trigger> triggers,
        String when,
        Consumer<World> circumstance,
        String butNotWhen,
        Consumer<World> twin) {
    private static final Duration MS = Duration.ofMillis(1);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Instant SIX_MINUTES_AGO = NOW.minus(Duration.ofMinutes(6));
    private static final Instant FIVE_MINUTES_AGO = NOW.minus(Duration.ofMinutes(5));
    private static final PodAgent UNMAPPED_AGENT = new PodAgent.Unmapped("from a Secret");

    private static final Set<Trigger> ALWAYS = EnumSet.allOf(Trigger.class);
    private static final Set<Trigger> IN_SWEEPS = EnumSet.of(SWEEP);

    static final List<ReasonRow> ALL = List.of(
            new ReasonRow(
                    POD_ALIVE,
                    ALWAYS,
                    "its pod lives",
                    world -> world.and(pod("agent-1")),
                    "its pod has ended",
                    world -> world.and(pod("agent-1").ended())),
            new ReasonRow(
                    POD_ALIVE,
                    ALWAYS,
                    "its name in the pool has other case",
                    world -> world.and(pod("AGENT-1")),
                    "another agent's pod lives",
                    world -> world.and(pod("agent-10"))),
            new ReasonRow(
                    POD_ALIVE,
                    ALWAYS,
                    "its pod ought to have ended offline-for ago",
                    world -> world.and(pod("agent-1").endsBy(NOW.minus(TEN_MINUTES))),
                    "its pod had to end and did",
                    world -> world.and(
                            pod("agent-1").endsBy(NOW.minus(TEN_MINUTES)).ended())),
            new ReasonRow(
                    POD_ALIVE,
                    EnumSet.of(EVENT, FOUND_GONE),
                    "its pod ought to have ended longer ago than that, and only a sweep gives it up",
                    world -> world.and(
                            pod("agent-1").endsBy(NOW.minus(TEN_MINUTES).minus(MS))),
                    "that pod is known to have ended",
                    world -> world.and(pod("agent-1")
                            .endsBy(NOW.minus(TEN_MINUTES).minus(MS))
                            .ended())),
            new ReasonRow(
                    POD_ALIVE,
                    ALWAYS,
                    "its pod ends right now and offline-for is 0",
                    world -> {
                        world.policy.offlineFor(Duration.ZERO);
                        world.and(pod("agent-1").endsBy(NOW));
                    },
                    "no pod of it is there and offline-for is 0",
                    world -> world.policy.offlineFor(Duration.ZERO)),
            new ReasonRow(
                    PROTECTED,
                    ALWAYS,
                    "a glob matches its name in other case",
                    world -> world.policy.protect("AGENT-*"),
                    "a glob without a star is only the beginning of its name",
                    world -> world.policy.protect("agent")),
            new ReasonRow(
                    PROTECTED,
                    ALWAYS,
                    "a pod registers it as a placeholder",
                    world -> world.and(pod("agent-1").placeholder().ended()),
                    "a pod registers another as a placeholder",
                    world -> world.and(pod("agent-2").placeholder().ended())),
            new ReasonRow(
                    PROTECTED,
                    ALWAYS,
                    "it publishes AZP_PLACEHOLDER",
                    world -> world.agent.capability("AZP_PLACEHOLDER", ""),
                    "it publishes another variable",
                    world -> world.agent.capability("AZP_PLACEHOLDERS", "1")),
            new ReasonRow(
                    PROTECTED,
                    ALWAYS,
                    "it publishes AZP_TEMPLATE_JOB=1",
                    world -> world.agent.capability("AZP_TEMPLATE_JOB", "1"),
                    "it publishes AZP_TEMPLATE_JOB=0",
                    world -> world.agent.capability("AZP_TEMPLATE_JOB", "0")),
            new ReasonRow(
                    NOT_OURS,
                    ALWAYS,
                    "it lacks a required capability",
                    world -> world.policy.capability("CLUSTER", "prod-1"),
                    "it has the required capability",
                    world -> {
                        world.policy.capability("CLUSTER", "prod-1");
                        world.agent.capability("CLUSTER", "prod-1");
                    }),
            new ReasonRow(
                    NOT_OURS,
                    ALWAYS,
                    "one of two required capabilities has another value",
                    world -> {
                        world.policy.capability("CLUSTER", "prod-1").capability("TEAM", "a");
                        world.agent.capability("CLUSTER", "prod-2").capability("TEAM", "a");
                    },
                    "none is required of the capabilities that it has",
                    world -> world.agent.capability("CLUSTER", "prod-2")),
            new ReasonRow(
                    NOT_OURS,
                    IN_SWEEPS,
                    "a sweep may not remove its name",
                    world -> world.policy.sweepAgents("agent", "vm-*"),
                    "a sweep may remove its name in other case",
                    world -> world.policy.sweepAgents("vm-*", "Agent-?")),
            new ReasonRow(
                    UNMAPPED,
                    IN_SWEEPS,
                    "a live pod's agent name can't be told",
                    world -> world.and(pod("x").agent(UNMAPPED_AGENT)),
                    "that pod has ended",
                    world -> world.and(pod("x").agent(UNMAPPED_AGENT).ended())),
            new ReasonRow(
                    UNMAPPED,
                    IN_SWEEPS,
                    "that pod ought to have ended offline-for ago",
                    world -> world.and(pod("x").agent(UNMAPPED_AGENT).endsBy(NOW.minus(TEN_MINUTES))),
                    "that pod is on a lost node",
                    world -> world.and(pod("x").agent(UNMAPPED_AGENT)
                            .endsBy(NOW.minus(TEN_MINUTES).minus(MS)))),
            new ReasonRow(
                    UNMAPPED,
                    IN_SWEEPS,
                    "one pod of several can't be told",
                    world -> world.and(pod("x").agent(UNMAPPED_AGENT)).and(pod("y")),
                    "a pod has no agent yet",
                    world -> world.and(pod("x").agent(new PodAgent.NotYet()))),
            new ReasonRow(
                    ONLINE,
                    IN_SWEEPS,
                    "it is online",
                    world -> world.agent.online(),
                    "another is online",
                    world -> world.and(agent(2, "agent-2").online())),
            new ReasonRow(
                    DISABLED,
                    IN_SWEEPS,
                    "it is disabled",
                    world -> world.agent.disabled(),
                    "another is disabled",
                    world -> world.and(agent(2, "agent-2").disabled())),
            new ReasonRow(
                    BUSY,
                    IN_SWEEPS,
                    "a job is assigned to it",
                    world -> world.agent.busy(),
                    "a job is assigned to another",
                    world -> world.and(agent(2, "agent-2").busy())),
            new ReasonRow(
                    GRACE,
                    IN_SWEEPS,
                    "it is a millisecond short of offline-for",
                    world -> world.agent.offlineFor(TEN_MINUTES.minus(MS)),
                    "it has been offline for exactly offline-for",
                    world -> world.agent.offlineFor(TEN_MINUTES)),
            new ReasonRow(
                    GRACE,
                    EnumSet.of(FOUND_GONE, SWEEP),
                    "it has never connected",
                    world -> world.agent.neverConnected(),
                    "it was online long ago",
                    world -> world.agent.offlineFor(Duration.ofDays(9999))),
            new ReasonRow(
                    OUTAGE,
                    IN_SWEEPS,
                    "two pods run and no agent of a pod is online",
                    world -> world.and(startedLongAgo("x")).and(startedLongAgo("y")),
                    "only one does",
                    world -> world.and(startedLongAgo("x"))),
            new ReasonRow(
                    OUTAGE,
                    IN_SWEEPS,
                    "only agents without a pod are online",
                    world -> world.and(startedLongAgo("x"))
                            .and(startedLongAgo("y"))
                            .and(agent(2, "vm-1").online()),
                    "one pod's agent is online, by its name in other case",
                    world -> world.and(startedLongAgo("x"))
                            .and(startedLongAgo("y"))
                            .and(agent(2, "X").online())),
            new ReasonRow(
                    OUTAGE,
                    IN_SWEEPS,
                    "a third pod is new",
                    world -> world.and(startedLongAgo("x"))
                            .and(startedLongAgo("y"))
                            .and(pod("z")),
                    "the second pod started exactly five minutes ago",
                    world -> world.and(startedLongAgo("x")).and(pod("y").started(FIVE_MINUTES_AGO))),
            new ReasonRow(
                    OUTAGE,
                    IN_SWEEPS,
                    "the second pod started a millisecond earlier than five minutes ago",
                    world -> world.and(startedLongAgo("x")).and(pod("y").started(FIVE_MINUTES_AGO.minus(MS))),
                    "the second pod has not started",
                    world -> world.and(startedLongAgo("x")).and(pod("y"))),
            new ReasonRow(
                    OUTAGE,
                    IN_SWEEPS,
                    "a third pod is gone, and its agent is not online",
                    world -> world.and(startedLongAgo("x"))
                            .and(startedLongAgo("y"))
                            .and(pod("z").ended())
                            .and(agent(2, "z")),
                    "a third pod is gone, and its agent still called online",
                    world -> world.and(startedLongAgo("x"))
                            .and(startedLongAgo("y"))
                            .and(pod("z").ended())
                            .and(agent(2, "z").online())),
            new ReasonRow(
                    OUTAGE,
                    IN_SWEEPS,
                    "pods have no agent yet, long after they started",
                    world -> world.and(startedLongAgo("x").agent(new PodAgent.NotYet()))
                            .and(startedLongAgo("y").agent(new PodAgent.NotYet())),
                    "all has been scaled to zero",
                    world -> world.and(startedLongAgo("x").ended())
                            .and(startedLongAgo("y").ended())),
            new ReasonRow(
                    LIMIT,
                    IN_SWEEPS,
                    "none may be removed",
                    world -> world.policy.maxRemovals(0),
                    "one may be removed",
                    world -> world.policy.maxRemovals(1)),
            new ReasonRow(
                    LIMIT,
                    IN_SWEEPS,
                    "another has been offline for longer and only one may be removed",
                    world -> {
                        world.policy.maxRemovals(1);
                        world.and(agent(2, "agent-2").offlineFor(Duration.ofDays(1)));
                    },
                    "the other is kept anyway",
                    world -> {
                        world.policy.maxRemovals(1);
                        world.and(agent(2, "agent-2")
                                .offlineFor(Duration.ofDays(1))
                                .busy());
                    }));

    @Override
    public String toString() {
        return "%s when %s, but not when %s".formatted(reason, when, butNotWhen);
    }

    private static PodBuilder startedLongAgo(String name) {
        return pod(name).started(SIX_MINUTES_AGO);
    }
}
