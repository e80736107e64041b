package dev.agentreaper.decision;

import static dev.agentreaper.decision.AgentBuilder.NOW;
import static dev.agentreaper.decision.AgentBuilder.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What surrounds the one agent that a test is about. Nothing in it keeps that agent until the test says so. */
final class World {
    final AgentBuilder agent = agent(1, "agent-1");
    final PolicyBuilder policy = new PolicyBuilder();
    private final List<Agent> others = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();

    World and(AgentBuilder other) {
        others.add(other.build());
        return this;
    }

    World and(PodBuilder pod) {
        pods.add(pod.build());
        return this;
    }

    Verdict verdict(Trigger trigger) {
        Agent subject = agent.build();
        if (trigger != Trigger.SWEEP) {
            return Decision.on(subject, afterEvent(trigger));
        }
        List<Agent> agents = new ArrayList<>(others);
        agents.add(subject);
        return Decision.onAll(agents, Situation.ofSweep(agents, pods, policy.build(), NOW)).stream()
                .filter(ruling -> ruling.agent().id() == subject.id())
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    /** An event's removal asks for live pods by itself, before each attempt; here they are told to it. */
    private Situation afterEvent(Trigger trigger) {
        return Situation.ofEvent(
                trigger,
                policy.build(),
                NOW,
                names(pods.stream().filter(Pod::isLive).toList()),
                names(pods.stream().filter(Pod::placeholder).toList()));
    }

    private static Set<AgentName> names(List<Pod> pods) {
        return pods.stream()
                .map(Pod::agent)
                .filter(PodAgent.Named.class::isInstance)
                .map(pod -> ((PodAgent.Named) pod).name())
                .collect(Collectors.toSet());
    }
}
