package dev.agentreaper.removal;

import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A ghost in the queue, which alone reads and changes it. */
final class QueueEntry {
    enum Place {
        /** With the workers, none of which has taken it. */
        DUE,
        /** A worker is at it. */
        RUNNING,
        /** A worker is at it, and it was told of meanwhile. */
        TOLD_AGAIN,
        /** It waits until its next attempt. */
        PAUSED,
        /** Its pause is over, and the gate is closed. */
        HELD_BACK
    }

    Ghost ghost;
    Place place = Place.DUE;
    /** How many attempts in a row have not ended it, since it was told of last. */
    int attempts;
    /** The last attempt failed, for another reason than a job. */
    boolean failed;

    /** Why the last attempt did not end it; null before there was one. */
    @Nullable
    String why;

    /** What the timer will do with it at this place. */
    private @Nullable ScheduledFuture<?> timed;

    QueueEntry(Ghost ghost) {
        this.ghost = ghost;
    }

    /** The timer may have begun already what it was to do: so that asks where the entry is. */
    void moveTo(Place next) {
        if (timed != null) {
            timed.cancel(false);
            timed = null;
        }
        place = next;
    }

    void moveTo(Place next, ScheduledFuture<?> then) {
        moveTo(next);
        timed = then;
    }
}
