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
    private int poolId;
    private Map<AgentName, List<Agent>> byName = new HashMap<>();
    // Of which the last list says nothing any more: that an id is gone does not say that there is none of its name.
    private final Set<AgentName> forgotten = new HashSet<>();
    private Instant listedAt = Instant.EPOCH;
    private boolean listedEmpty;
    private int asked;
    private int taken;

    /** The number of a list that is asked for now: those that come out of their order say nothing. */
    synchronized int ask() {
        return ++asked;
    }

    /** Takes a list, unless a later one was taken, and gives those of its names that several agents have, but for case. */
    synchronized List<List<Agent>> take(int number, Listing listing) {
        if (number < taken) {
            return List.of();
        }
        taken = number;
        forgotten.clear();
        poolId = listing.poolId();
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
    synchronized @Nullable AgentInPool get(AgentName name) {
        List<Agent> same = byName.getOrDefault(name, List.of());
        return same.stream()
                .filter(agent -> same.size() == 1 || agent.name().isExactly(name))
                .findFirst()
                .map(agent -> new AgentInPool(poolId, agent))
                .orElse(null);
    }

    /** Whether a list of then, or later, can say which agent has this name. */
    synchronized boolean isAnswered(AgentName name, Instant since) {
        return !listedAt.isBefore(since) && !forgotten.contains(name);
    }

    /** Whether an agent that ran a job then still does, for all that a list of later says. */
    synchronized boolean mayBeBusy(AgentName name, Instant at) {
        AgentInPool known = get(name);
        return !listedAt.isAfter(at) || (known != null && known.agent().busy());
    }

    /** Takes those of a name, as they are now. */
    synchronized void keep(int ofPool, AgentName name, List<Agent> found) {
        if (ofPool != poolId) {
            poolId = ofPool;
            byName = new HashMap<>();
            listedAt = Instant.EPOCH;
        }
        forgotten.remove(name);
        byName.put(name, found);
    }

    synchronized void forget(AgentInPool gone) {
        if (gone.poolId() == poolId) {
            byName.computeIfPresent(
                    gone.agent().name(),
                    (name, same) -> same.stream()
                            .filter(other -> other.id() != gone.agent().id())
                            .toList());
        }
        forgotten.add(gone.agent().name());
    }
}
