package dev.agentreaper.azure;

import static java.util.stream.Collectors.groupingBy;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of a pool's agents, by their names: what its last list had, and what was learnt since. Thread-safe. */
final class KnownAgents {
    private Map<AgentName, List<Agent>> byName = new HashMap<>();
    // Of which the last list says nothing any more: that an id is gone does not say that there is none of its name.
    private final Set<AgentName> forgotten = new HashSet<>();
    private Instant listedAt = Instant.EPOCH;
    private boolean listedEmpty;

    /** Takes a list, and gives those of its names that several agents have, but for case. */
    synchronized List<List<Agent>> take(Listing listing) {
        forgotten.clear();
        byName = new HashMap<>(listing.agents().stream().collect(groupingBy(Agent::name)));
        listedAt = listing.askedAt();
        listedEmpty = byName.isEmpty();
        return byName.values().stream().filter(same -> same.size() > 1).toList();
    }

    /** When the pool was last listed, by our clock. */
    synchronized Instant listedAt() {
        return listedAt;
    }

    synchronized AgentDirectory.Known all() {
        return new AgentDirectory.Known(
                byName.values().stream().flatMap(List::stream).toList(),
                listedEmpty,
                listedAt.equals(Instant.EPOCH) ? null : listedAt);
    }

    /** Of several whose names differ only by case, the one that is spelt as asked for; else none: the sweep sees to them. */
    synchronized @Nullable Agent get(AgentName name) {
        List<Agent> same = byName.getOrDefault(name, List.of());
        return same.size() == 1
                ? same.getFirst()
                : same.stream()
                        .filter(agent -> agent.name().isExactly(name))
                        .findFirst()
                        .orElse(null);
    }

    /** Whether there is one of this name and id. */
    synchronized boolean has(Agent agent) {
        return byName.getOrDefault(agent.name(), List.of()).stream().anyMatch(known -> known.id() == agent.id());
    }

    /** Whether a list of then, or later, can say which agent has this name. */
    synchronized boolean isAnswered(AgentName name, Instant since) {
        return !listedAt.isBefore(since) && !forgotten.contains(name);
    }

    /** Whether an agent that ran a job then still does, for all that a list of later says. */
    synchronized boolean mayBeBusy(AgentName name, Instant at) {
        Agent agent = get(name);
        return !listedAt.isAfter(at) || (agent != null && agent.busy());
    }

    /** Takes those of a name, as they are now. */
    synchronized void keep(AgentName name, List<Agent> found) {
        forgotten.remove(name);
        byName.put(name, found);
    }

    synchronized void forget(Agent agent) {
        byName.computeIfPresent(
                agent.name(),
                (name, same) ->
                        same.stream().filter(other -> other.id() != agent.id()).toList());
        forgotten.add(agent.name());
    }

    synchronized void forgetAll() {
        byName = new HashMap<>();
        listedAt = Instant.EPOCH;
    }
}
