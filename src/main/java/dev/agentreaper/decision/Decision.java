package dev.agentreaper.decision;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The one place where it is decided which agents go: for events, sweeps, dry runs and the {@code plan} command alike. */
public final class Decision {
    private static final Comparator<Agent> LONGEST_OFFLINE_FIRST =
            comparing(Agent::statusChangedOn, nullsFirst(naturalOrder())).thenComparingInt(Agent::id);

    private Decision() {}

    /** The verdict on one agent. */
    public static Verdict on(Agent agent, Situation situation) {
        return Arrays.stream(KeepReason.values())
                .filter(reason -> reason.keeps(agent, situation))
                .<Verdict>map(Verdict.Keep::new)
                .findFirst()
                .orElseGet(Verdict.Remove::new);
    }

    /** The verdicts of a sweep on all agents of a pool, the longest offline first. */
    public static List<Ruling> onAll(Collection<Agent> agents, Situation situation) {
        Set<Integer> overLimit = agents.stream()
                .filter(agent -> on(agent, situation) instanceof Verdict.Remove)
                .sorted(LONGEST_OFFLINE_FIRST)
                .skip(situation.policy().maxRemovals())
                .map(Agent::id)
                .collect(Collectors.toSet());
        Situation limited = situation.withOverLimit(overLimit);
        return agents.stream()
                .sorted(LONGEST_OFFLINE_FIRST)
                .map(agent -> new Ruling(agent, on(agent, limited)))
                .toList();
    }
}
