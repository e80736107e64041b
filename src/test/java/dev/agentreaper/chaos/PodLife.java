package dev.agentreaper.chaos;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One pod from its creation to its end, as the one knows it who brings both about: what is noted are bounds, since the
 * cluster does a thing at some time between its being asked for and its being confirmed. Thread-safe.
 */
final class PodLife {
    final Site site;
    final String pod;
    final String agent;

    private final Instant createdFrom = Instant.now();
    private volatile @Nullable Instant createdBy;
    private volatile @Nullable Instant registeredBy;
    private volatile @Nullable Instant endsFrom;
    private volatile @Nullable Instant endedBy;
    private volatile @Nullable Instant oughtToHaveEnded;
    private volatile @Nullable Instant unselectedFrom;
    private volatile @Nullable Instant selectedBy;

    PodLife(Site site, String pod, String agent) {
        this.site = site;
        this.pod = pod;
        this.agent = agent;
    }

    void created() {
        createdBy = Instant.now();
    }

    /** Lets its agent register, unless the pod is ending already. */
    synchronized void register(Runnable registration) {
        if (endsFrom == null) {
            registeredBy = Instant.now();
            registration.run();
        }
    }

    /** From now on it may be gone. Says whether it had not been ending already. */
    synchronized boolean ending() {
        if (endsFrom != null) {
            return false;
        }
        endsFrom = Instant.now();
        return true;
    }

    /** It is gone: deleted, or in a terminal phase. */
    synchronized void ended() {
        ending();
        if (endedBy == null) {
            endedBy = Instant.now();
        }
    }

    /** It is about to leave the selection: from now on it need not be an agent pod to a sweep, nor its end be seen. */
    void leavesSelection() {
        selectedBy = null;
        unselectedFrom = Instant.now();
    }

    /** It is selected again. */
    void isSelectedAgain() {
        selectedBy = Instant.now();
    }

    /** Since when a watch may show it; MAX while it is not surely there. */
    Instant visibleFrom() {
        Instant back = selectedBy;
        return back == null ? createdBy() : back;
    }

    boolean isSelected() {
        return unselectedFrom == null || selectedBy != null;
    }

    /** Whether there was a moment between these at which it may not have been selected. */
    boolean mayBeUnselected(Instant from, Instant to) {
        Instant left = unselectedFrom;
        Instant back = selectedBy;
        return left != null && left.isBefore(to) && (back == null || back.isAfter(from));
    }

    /** Its node is lost: it stays, with this deletionTimestamp. */
    void oughtToEnd(Instant deletionTimestamp) {
        oughtToHaveEnded = deletionTimestamp;
    }

    /** The cluster is again as it was then. */
    void isAgainAsOf(Instant then) {
        Instant ought = oughtToHaveEnded;
        if (ought != null && ought.isAfter(then)) {
            oughtToHaveEnded = null;
        }
    }

    boolean isCreated() {
        return createdBy != null;
    }

    /** When it was surely there; MAX if it is not yet. */
    Instant createdBy() {
        Instant by = createdBy;
        return by == null ? Instant.MAX : by;
    }

    boolean hasEnded() {
        return endedBy != null;
    }

    boolean hasRegistered() {
        return registeredBy != null;
    }

    Instant createdFrom() {
        return createdFrom;
    }

    /** When it began to end; MAX if it has not. */
    Instant endsFrom() {
        Instant from = endsFrom;
        return from == null ? Instant.MAX : from;
    }

    /** When it had surely ended; MAX if it has not. */
    Instant endedBy() {
        Instant by = endedBy;
        return by == null ? Instant.MAX : by;
    }

    /** When a sweep may take it for gone though it is there; MAX if it has no deletionTimestamp. */
    Instant overdueFrom(Duration offlineFor) {
        Instant ought = oughtToHaveEnded;
        return ought == null ? Instant.MAX : ought.plus(offlineFor);
    }

    /** Whether it was surely there, its agent having registered if that is asked for, from {@code from} to {@code to}. */
    boolean spans(Instant from, Instant to, boolean registered, Duration offlineFor) {
        Instant since = registered ? registeredBy : createdBy;
        return since != null
                && since.isBefore(from)
                && endsFrom().isAfter(to)
                && overdueFrom(offlineFor).isAfter(to);
    }

    @Override
    public String toString() {
        return "pod %s of cluster %s, created %s, registered %s, ends %s"
                .formatted(pod, site, createdBy, registeredBy, endsFrom);
    }
}
