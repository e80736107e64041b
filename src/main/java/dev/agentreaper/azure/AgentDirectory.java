package dev.agentreaper.azure;

import static java.util.stream.Collectors.groupingBy;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.log.Printable;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a pool by name, from its last list, so that most removals know the id before they need it; and look-ups of
 * those that the list did not have, of which many that wait at once share one list, or its failure. Thread-safe.
 */
public final class AgentDirectory {
    private static final Logger LOG = Logger.getLogger(AgentDirectory.class);

    private final AgentPool pool;

    private Map<AgentName, List<Agent>> agents = new HashMap<>();
    // Of which the last list says nothing any more: that an id is gone does not say that there is none of its name.
    private final Set<AgentName> forgotten = new HashSet<>();
    private Instant listedAt = Instant.EPOCH;
    private boolean listedEmpty;
    private int waiting;
    private boolean looking;
    private @Nullable AzureDevOpsException lastFailure;

    public AgentDirectory(AgentPool pool) {
        this.pool = pool;
    }

    /** Lists the pool, and keeps what it has. */
    public Listing refresh() throws AzureDevOpsException, InterruptedException {
        try {
            Listing listing = pool.list();
            take(listing);
            return listing;
        } catch (AzureDevOpsException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                forgetAll();
            }
            throw e;
        }
    }

    /** When the pool was last listed, by our clock. */
    public synchronized Instant listedAt() {
        return listedAt;
    }

    /**
     * What is known of the pool.
     *
     * @param agents those of the last list that are not known to have gone since
     * @param empty the last list had none
     * @param listedAt when that was asked for; null before there was one
     */
    public record Known(
            List<Agent> agents, boolean empty, @Nullable Instant listedAt) {}

    public synchronized Known known() {
        return new Known(
                agents.values().stream().flatMap(List::stream).toList(),
                listedEmpty,
                listedAt.equals(Instant.EPOCH) ? null : listedAt);
    }

    /** The agent of this name in the last list; null where it had none. It may have gone since, or have another id. */
    public synchronized @Nullable Agent known(AgentName name) {
        return pick(name, agents.getOrDefault(name, List.of()));
    }

    /**
     * Whether an agent that ran a job then still does, by a list that is shared. The pool is listed anew for it only where the
     * last list is older than wanted, and by one caller at a time: the others don't wait, and go by the last list.
     *
     * @param at when it was busy; a list that is no later says nothing else of it
     * @param notBefore how old the last list may be
     * @throws AzureDevOpsException if the pool could not be read
     */
    public boolean isStillBusy(AgentName name, Instant at, Instant notBefore)
            throws AzureDevOpsException, InterruptedException {
        boolean mine;
        synchronized (this) {
            mine = listedAt.isBefore(notBefore) && !looking;
            looking |= mine;
        }
        if (mine) {
            refreshForAll();
        }
        synchronized (this) {
            Agent agent = known(name);
            return !listedAt.isAfter(at) || (agent != null && agent.busy());
        }
    }

    /**
     * Waits until Azure DevOps takes another call.
     *
     * @throws AzureDevOpsException if we can't sign in
     */
    public void awaitTurn() throws AzureDevOpsException, InterruptedException {
        pool.awaitTurn();
    }

    /** Whether a call would have to wait now. */
    public boolean mustWait() {
        return pool.mustWait();
    }

    /**
     * The agent as it is now, under another id if it has registered anew; null where there is none of its name: that there is
     * none of its id says too little.
     */
    public @Nullable Agent readAgain(Agent agent, Instant now) throws AzureDevOpsException, InterruptedException {
        Agent read = pool.get(agent.id());
        if (read != null && read.name().equals(agent.name())) {
            return read;
        }
        forget(agent);
        return lookUp(agent.name(), now);
    }

    /**
     * Deletes the agent, and forgets it.
     *
     * @return false where there was none of its name any more
     * @throws AzureDevOpsException of kind {@code BUSY} if it runs a job
     * @throws IOException also where there was none of its id, and there is one of its name: it is to be decided on anew
     */
    public boolean delete(Agent agent, Instant now) throws IOException, InterruptedException {
        boolean deleted = isKnown(agent) && pool.delete(agent.id());
        forget(agent);
        if (deleted) {
            return true;
        }
        Agent other = lookUp(agent.name(), now);
        if (other == null) {
            return false;
        }
        throw new IOException(
                other.id() == agent.id()
                        ? "Azure DevOps can't find the agent %d and lists it.".formatted(agent.id())
                        : "the agent has registered anew: its id was %d and is now %d."
                                .formatted(agent.id(), other.id()));
    }

    /**
     * The agent of this name as the pool had it at {@code since} or later; null where it had none.
     *
     * @throws AzureDevOpsException if the pool could not be read, or the list that this waited for failed
     */
    public @Nullable Agent lookUp(AgentName name, Instant since) throws AzureDevOpsException, InterruptedException {
        boolean alone;
        synchronized (this) {
            waiting++;
            AzureDevOpsException before = lastFailure;
            try {
                while (looking && !isAnswered(name, since)) {
                    wait();
                    // The next would fail too, and where nothing answers, after a minute.
                    if (lastFailure != null && lastFailure != before) {
                        throw lastFailure;
                    }
                }
                if (isAnswered(name, since)) {
                    return known(name);
                }
                alone = waiting == 1;
                looking = true;
            } finally {
                waiting--;
            }
        }
        if (!alone) {
            refreshForAll();
            return known(name);
        }
        try {
            List<Agent> found = pool.find(name);
            keep(name, found);
            return pick(name, found);
        } finally {
            looked();
        }
    }

    /** Whether a list of then, or later, can say which agent has this name. */
    private synchronized boolean isAnswered(AgentName name, Instant since) {
        return !listedAt.isBefore(since) && !forgotten.contains(name);
    }

    private void refreshForAll() throws AzureDevOpsException, InterruptedException {
        try {
            refresh();
        } catch (AzureDevOpsException e) {
            failed(e);
            throw e;
        } finally {
            looked();
        }
    }

    private synchronized void failed(AzureDevOpsException e) {
        lastFailure = e;
    }

    private synchronized void looked() {
        looking = false;
        notifyAll();
    }

    private synchronized void take(Listing listing) {
        forgotten.clear();
        agents = new HashMap<>(listing.agents().stream().collect(groupingBy(Agent::name)));
        listedAt = listing.askedAt();
        listedEmpty = agents.isEmpty();
        agents.values().stream()
                .filter(same -> same.size() > 1)
                .forEach(same -> LOG.warnf(
                        "%s: the names of %d agents differ only by case, as %s: an event removes only the one that is"
                                + " spelt as its pod has it",
                        pool, same.size(), Printable.of(same.getFirst().name().value())));
    }

    /** How many agents the list has brought so far that is under way, or was the last. */
    public int listedSoFar() {
        return pool.listedSoFar();
    }

    /** The pool is gone: in one that is made in its place, the same ids are those of other agents. */
    private synchronized void forgetAll() {
        agents = new HashMap<>();
        listedAt = Instant.EPOCH;
    }

    private synchronized boolean isKnown(Agent agent) {
        return agents.getOrDefault(agent.name(), List.of()).stream().anyMatch(known -> known.id() == agent.id());
    }

    synchronized void forget(Agent agent) {
        agents.computeIfPresent(
                agent.name(),
                (name, same) ->
                        same.stream().filter(other -> other.id() != agent.id()).toList());
        forgotten.add(agent.name());
    }

    private synchronized void keep(AgentName name, List<Agent> found) {
        forgotten.remove(name);
        agents.put(name, found);
    }

    /** Of several whose names differ only by case, the one that is spelt as asked for; else none: the sweep sees to them. */
    private static @Nullable Agent pick(AgentName name, List<Agent> same) {
        return same.size() == 1
                ? same.getFirst()
                : same.stream()
                        .filter(agent -> agent.name().isExactly(name))
                        .findFirst()
                        .orElse(null);
    }
}
