package dev.agentreaper.check;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import dev.agentreaper.config.Key;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.KeepReason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which agents sweeps miss, and which they take, that they should not. */
final class SweepFindings {
    /** Of the letters and digits from which Kubernetes makes names. */
    private static final Pattern POD_TEMPLATE_HASH = Pattern.compile("-[bcdfghjklmnpqrstvwxz2456789]{5,10}-$");

    private static final Set<KeepReason> WHATEVER_ITS_STATUS =
            EnumSet.of(KeepReason.POD_ALIVE, KeepReason.PROTECTED, KeepReason.NOT_OURS);

    private final Inventory inventory;

    SweepFindings(Inventory inventory) {
        this.inventory = inventory;
    }

    Check agentsThatSweepsMiss() {
        List<String> missed = inventory.ofLivePods().stream()
                .filter(name -> !inventory.policy().sweepAgents().match(name)
                        && !inventory.policy().protect().match(name))
                .map(AgentName::value)
                .sorted()
                .toList();
        return missed.isEmpty()
                ? Check.passed(
                        "sweep-agents",
                        inventory.pool(),
                        "sweeps of %s take in all agents of live pods"
                                .formatted(inventory.policy().sweepAgents()))
                : new Check(
                        "sweep-agents",
                        inventory.pool(),
                        "sweeps of %s would never remove %s, which live pods run"
                                .formatted(inventory.policy().sweepAgents(), Wording.of(missed)),
                        Advice.set(Key.SWEEP_AGENTS, inventory.policy().sweepAgents() + "," + globs(missed)) + ".");
    }

    /** A glob for all that begin alike; none that would match whatever is there. */
    private static String globs(List<String> names) {
        return names.stream()
                .map(Advice::glob)
                .collect(groupingBy(name -> name.substring(0, name.indexOf('-') + 1), TreeMap::new, toList()))
                .entrySet()
                .stream()
                .flatMap(alike ->
                        alike.getKey().length() > 1 ? Stream.of(glob(alike.getValue())) : alike.getValue().stream())
                .distinct()
                .collect(joining(","));
    }

    /** Up to and with the last hyphen that they all have in common, less the hash by which a Deployment tells its pods. */
    private static String glob(List<String> names) {
        String first = names.getFirst();
        int length = first.length();
        for (String name : names) {
            while (!name.startsWith(first.substring(0, length))) {
                length--;
            }
        }
        String common = first.substring(0, first.substring(0, length).lastIndexOf('-') + 1);
        return POD_TEMPLATE_HASH.matcher(common).replaceFirst("-") + "*";
    }

    Check agentsThatSweepsTake() {
        List<String> machines = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Agent agent : inventory.agents()) {
            if (WHATEVER_ITS_STATUS.stream().anyMatch(reason -> reason.keeps(agent, inventory.sweep()))) {
                continue;
            }
            if (isOfAMachine(agent)) {
                machines.add(agent.name().value());
            } else if (agent.online()) {
                others.add(agent.name().value());
            }
        }
        if (machines.isEmpty() && others.isEmpty()) {
            return Check.passed(
                    "sweep-safety",
                    inventory.pool(),
                    "sweeps of %s take in no agent that is online without a pod"
                            .formatted(inventory.policy().sweepAgents()));
        }
        StringBuilder message = new StringBuilder("sweeps of %s take in agents that no pod here runs"
                .formatted(inventory.policy().sweepAgents()));
        Wording.say(message, "; that seem to run on machines, which may be switched off for a while: ", machines);
        Wording.say(message, "; that are online: ", others);
        List<String> cures = new ArrayList<>();
        if (!machines.isEmpty()) {
            cures.add("narrow " + Advice.named(Key.SWEEP_AGENTS) + ", or "
                    + Advice.set(Key.PROTECT, protectAlso(machines)));
        }
        if (!others.isEmpty()) {
            cures.add(
                    "where their pods have just gone, wait; where another cluster uses this pool too, add a variable that no other"
                            + " cluster has to the env of the containers of this one's agent pods, as CLUSTER=prod-1, and when all of these have"
                            + " started anew, "
                            + Advice.set(Key.CAPABILITIES, "CLUSTER=prod-1")
                            + "; where they run elsewhere under other names, narrow " + Advice.named(Key.SWEEP_AGENTS));
        }
        return new Check(
                "sweep-safety", inventory.pool(), message.toString(), String.join(". For the others ", cures) + ".");
    }

    /** What is protected now, and these. */
    private String protectAlso(List<String> names) {
        return inventory
                .protectedByOperator()
                .and(new Globs(names.stream().map(Advice::glob).toList()))
                .toString();
    }

    private static boolean isOfAMachine(Agent agent) {
        return agent.capabilities().containsKey(Inventory.OF_ANY_AGENT)
                && !agent.capabilities().containsKey(Inventory.OF_A_POD);
    }
}
