package dev.agentreaper.check;

import dev.agentreaper.config.Key;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether the agents of live pods exist under the names that are told for them. */
final class NameFindings {
    private static final Pattern BEFORE_A_NAME = Pattern.compile("([\\p{L}\\p{N}._-]*[._-])?");
    private static final Pattern AFTER_A_NAME = Pattern.compile("([._-][\\p{L}\\p{N}._-]*)?");

    private final Inventory inventory;

    NameFindings(Inventory inventory) {
        this.inventory = inventory;
    }

    Check agentsOfPods() {
        List<String> elsewhere = agentsOfPodsElsewhere();
        if (inventory.live().isEmpty() && !elsewhere.isEmpty()) {
            return new Check(
                    "agents-of-pods",
                    inventory.pool(),
                    "no live pod is selected, and yet agents are online that run in pods: " + Wording.of(elsewhere),
                    "where these run in this cluster, set " + Advice.named(Key.POD_SELECTOR)
                            + " to a label of their pods, as kubectl get pods --all-namespaces --show-labels shows them; where they all run in"
                            + " another, check again when some run here.");
        }
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<AgentName> missingNames = new ArrayList<>();
        List<String> unmapped = new ArrayList<>();
        int young = 0;
        for (Pod pod : inventory.live()) {
            switch (pod.agent()) {
                case PodAgent.Named(AgentName name)
                when inventory.byName().containsKey(name) -> found.add(arrow(pod, name));
                case PodAgent.Named(AgentName name)
                when inventory.hasHadTime(pod) -> {
                    missing.add(arrow(pod, name));
                    missingNames.add(name);
                }
                case PodAgent.Unmapped(String why) -> unmapped.add("%s (%s)".formatted(pod.key(), why));
                case PodAgent.Named _, PodAgent.NotYet _ -> young++;
            }
        }
        StringBuilder message = new StringBuilder("%d of %d live pods map to an agent that exists"
                .formatted(found.size(), inventory.live().size()));
        Wording.say(message, ": ", found);
        if (inventory.live().isEmpty()) {
            message.append("; check again when some run, as only then names can be compared");
        }
        if (young > 0) {
            message.append("; %d have not had the time to register".formatted(young));
        }
        Wording.say(message, "; no such agent: ", missing);
        Wording.say(message, "; the name can't be told: ", unmapped);
        if (missing.isEmpty() && unmapped.isEmpty()) {
            return Check.passed("agents-of-pods", inventory.pool(), message.toString());
        }
        return new Check(
                "agents-of-pods",
                inventory.pool(),
                message.toString(),
                cure(missingNames, !unmapped.isEmpty(), found.isEmpty()));
    }

    private List<String> agentsOfPodsElsewhere() {
        return inventory
                .withoutPod()
                .filter(agent -> agent.online() && inventory.isOurs(agent))
                .filter(agent -> agent.capabilities().containsKey(Inventory.OF_A_POD))
                .map(agent -> agent.name().value())
                .sorted()
                .toList();
    }

    /**
     * @param unmapped whether there are pods whose agent's name can't be told
     * @param noneFound whether no pod's agent was found, so that the template may be wrong for all
     */
    private String cure(List<AgentName> missing, boolean unmapped, boolean noneFound) {
        List<String> cures = new ArrayList<>();
        if (unmapped) {
            cures.add(AgentNameTemplate.CURE_OF_UNMAPPED);
        }
        if (!missing.isEmpty()) {
            List<String> without = inventory
                    .withoutPod()
                    .map(agent -> agent.name().value())
                    .sorted()
                    .toList();
            String named = noneFound
                    ? without.stream()
                            .map(name -> templateThatMakes(name, missing))
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null)
                    : null;
            cures.add(
                    named != null
                            ? Advice.set(Key.AGENT_NAME, named)
                            : inAnotherPool(noneFound)
                                    + "see the logs of the pods for why their agents do not register in this pool; or, where they do, set "
                                    + Advice.named(Key.AGENT_NAME)
                                    + " to how they are named, or AZP_AGENT_NAME in"
                                    + " the env of the pods where an envFrom brings it, which is not read"
                                    + (without.isEmpty()
                                            ? ""
                                            : " (the pool has, without a pod: " + Wording.of(without) + ")"));
        }
        return String.join(". Then ", cures) + ".";
    }

    /** What to do where all agents are missing because they are in another pool; empty where they can't be. */
    private String inAnotherPool(boolean noneFound) {
        return !noneFound || inventory.otherPools().isEmpty()
                ? ""
                : "%s is the pool «%s» here (each organization has ids of its own): where the agents' pods have another as their own AZP_POOL, %s Where they have this one, "
                        .formatted(Key.POOL.variable(), inventory.poolName(), Advice.pool(inventory.otherPools()));
    }

    /**
     * The present template with text before and after it, where that makes of the first missing name the name of this agent,
     * and of the other ones those of other agents, all of them online and without a pod; null where it does not.
     */
    private @Nullable String templateThatMakes(String agent, List<AgentName> missing) {
        int start = agent.indexOf(missing.getFirst().value());
        if (start < 0) {
            return null;
        }
        String before = agent.substring(0, start);
        String after = agent.substring(start + missing.getFirst().value().length());
        boolean makesAll = BEFORE_A_NAME.matcher(before).matches()
                && AFTER_A_NAME.matcher(after).matches()
                && missing.stream()
                        .map(name -> inventory.byName().get(new AgentName(before + name.value() + after)))
                        .allMatch(made -> made != null
                                && made.online()
                                && !inventory.ofLivePods().contains(made.name()));
        return makesAll ? before + inventory.template() + after : null;
    }

    private static String arrow(Pod pod, AgentName agent) {
        return "%s → %s".formatted(pod.key(), agent.value());
    }
}
