package dev.agentreaper.check;

import static java.util.stream.Collectors.toSet;

import dev.agentreaper.config.Key;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What shows to be wrong when a pool's agents and its live pods are held against each other. */
final class AgentFindings {
    private final Inventory inventory;

    AgentFindings(Inventory inventory) {
        this.inventory = inventory;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        checks.add(new NameFindings(inventory).agentsOfPods());
        if (!inventory.policy().capabilities().isEmpty()) {
            checks.add(capabilities());
        }
        List<AgentName> toGo = inventory.live().stream()
                .filter(pod -> !pod.placeholder())
                .flatMap(pod -> Inventory.names(pod).stream())
                .toList();
        if (!toGo.isEmpty() && toGo.stream().allMatch(inventory.protectedByOperator()::match)) {
            checks.add(allAreProtected());
        }
        checks.add(placeholders());
        if (!inventory.policy().sweepAgents().isEmpty()) {
            SweepFindings sweeps = new SweepFindings(inventory);
            checks.add(sweeps.agentsThatSweepsMiss());
            checks.add(sweeps.agentsThatSweepsTake());
        }
        return checks;
    }

    private Check capabilities() {
        String required = inventory.policy().capabilities().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
        List<String> without = inventory.agentsOfLivePods().stream()
                .filter(agent -> !inventory.isOurs(agent))
                .map(agent -> agent.name().value())
                .toList();
        return without.isEmpty()
                ? Check.passed("capabilities", inventory.pool(), "all agents of live pods report " + required)
                : new Check(
                        "capabilities",
                        inventory.pool(),
                        "of %s of live pods %d %s not report %s, and would never be removed: %s"
                                .formatted(
                                        Wording.count(
                                                inventory.agentsOfLivePods().size(), "agent"),
                                        without.size(),
                                        without.size() == 1 ? "does" : "do",
                                        required,
                                        Wording.of(without)),
                        "set %s in the env of the agents' pods, which publish it as they start; or mend %s."
                                .formatted(required, Key.CAPABILITIES.variable()));
    }

    private Check allAreProtected() {
        return new Check(
                "protect",
                inventory.pool(),
                "%s protects the agents of all live pods, and none of them would ever be removed"
                        .formatted(inventory.protectedByOperator()),
                "narrow %s to the agents that are to stay without a pod.".formatted(Advice.named(Key.PROTECT)));
    }

    private Check placeholders() {
        Set<AgentName> ofPlaceholders = inventory.ended().stream()
                .filter(Pod::placeholder)
                .flatMap(pod -> Inventory.names(pod).stream())
                .collect(toSet());
        List<String> kept = new ArrayList<>();
        for (Agent agent : inventory.agents()) {
            if (agent.online() || inventory.ofLivePods().contains(agent.name())) {
                continue;
            }
            String name = agent.name().value();
            if (inventory.policy().protect().match(agent.name())) {
                kept.add(name + " (protected by its name)");
            } else if (agent.isPlaceholder() || ofPlaceholders.contains(agent.name())) {
                kept.add(name + " (protected by AZP_PLACEHOLDER or AZP_TEMPLATE_JOB)");
            } else if (agent.statusChangedOn() == null) {
                kept.add(name + keptFor("was never online"));
            } else if (!agent.enabled()) {
                kept.add(name + keptFor("is disabled"));
            }
        }
        return Check.passed(
                "placeholders",
                inventory.pool(),
                kept.isEmpty()
                        ? "no offline agent looks like a placeholder; where KEDA scales from zero the pool needs one, named"
                                + " like placeholder-1"
                        : "offline agents that look like placeholders: " + Wording.of(kept));
    }

    private static String keptFor(String why) {
        return " (%s, and is kept for that; %s would keep it for good)".formatted(why, Key.PROTECT.variable());
    }
}
