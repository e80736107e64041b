package dev.agentreaper.azure;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.log.Printable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a pool by name, from its last list, so that most removals know the id before they need it; and look-ups of
 * those that the list did not have, of which many that wait at once share one list, or its failure. Thread-safe.
 */
public final class AgentDirectory {
    private static final Logger LOG = Logger.getLogger(AgentDirectory.class);

    private final AgentPool pool;
    private final KnownAgents known = new KnownAgents();
    private int waiting;
    private boolean looking;
    private @Nullable AzureDevOpsException lastFailure;

    public AgentDirectory(AgentPool pool) {
        this.pool = pool;
    }

    /** Lists the pool, and keeps what it has. */
    public Listing refresh() throws AzureDevOpsException, InterruptedException {
        int number = known.ask();
        Listing listing = pool.list();
        known.take(number, listing)
                .forEach(same -> LOG.warnf(
                        "%s: the names of %d agents differ only by case, as %s: an event removes only the one that is"
                                + " spelt as its pod has it",
                        pool, same.size(), Printable.of(same.getFirst().name().value())));
        return listing;
    }

    /** How many agents the list has brought so far that is under way, or was the last. */
    public int listedSoFar() {
        return pool.listedSoFar();
    }

    /** When the pool was last listed, by our clock. */
    public Instant listedAt() {
        return known.listedAt();
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

    public Known known() {
        return known.all();
    }

    /** The agent of this name in the last list; null where it had none. It may have gone since, or have another id. */
    public @Nullable AgentInPool known(AgentName name) {
        return known.get(name);
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
            mine = known.listedAt().isBefore(notBefore) && !looking;
            looking |= mine;
        }
        if (mine) {
            refreshForAll();
        }
        return known.mayBeBusy(name, at);
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
    public @Nullable AgentInPool readAgain(Agent agent, Instant now) throws AzureDevOpsException, InterruptedException {
        int poolId = pool.id();
        Agent read = pool.get(poolId, agent.id());
        if (read != null && read.name().equals(agent.name())) {
            return new AgentInPool(poolId, read);
        }
        known.forget(new AgentInPool(poolId, agent));
        return lookUp(agent.name(), now);
    }

    /**
     * Deletes the agent, and forgets it.
     *
     * @return false where there was none of its name any more
     * @throws AzureDevOpsException of kind {@code BUSY} if it runs a job
     * @throws IOException also where there was none of its id, and there is one of its name: it is to be decided on anew
     */
    public boolean delete(AgentInPool agent, Instant now) throws IOException, InterruptedException {
        int id = agent.agent().id();
        boolean deleted = pool.delete(agent.poolId(), id);
        known.forget(agent);
        if (deleted) {
            return true;
        }
        AgentInPool other = lookUp(agent.agent().name(), now);
        if (other == null) {
            return false;
        }
        throw new IOException(
                other.poolId() == agent.poolId() && other.agent().id() == id
                        ? "Azure DevOps can't find the agent %d and lists it.".formatted(id)
                        : "the agent has registered anew: its id was %d and is now %d."
                                .formatted(id, other.agent().id()));
    }

    /**
     * The agent of this name as the pool had it at {@code since} or later; null where it had none.
     *
     * @throws AzureDevOpsException if the pool could not be read, or the list that this waited for failed
     */
    public @Nullable AgentInPool lookUp(AgentName name, Instant since)
            throws AzureDevOpsException, InterruptedException {
        boolean alone;
        synchronized (this) {
            waiting++;
            AzureDevOpsException before = lastFailure;
            try {
                while (looking && !known.isAnswered(name, since)) {
                    wait();
                    // The next would fail too, and where nothing answers, after a minute.
                    if (lastFailure != null && lastFailure != before) {
                        throw lastFailure;
                    }
                }
                if (known.isAnswered(name, since)) {
                    return known.get(name);
                }
                alone = waiting == 1;
                looking = true;
            } finally {
                waiting--;
            }
        }
        if (!alone) {
            refreshForAll();
            return known.get(name);
        }
        try {
            int poolId = pool.id();
            known.keep(poolId, name, pool.find(poolId, name));
            return known.get(name);
        } finally {
            looked();
        }
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
}
