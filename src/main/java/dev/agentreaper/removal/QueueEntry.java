package dev.agentreaper.removal;

import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** A ghost in the queue, which alone reads and changes it. */
final class QueueEntry {
    Ghost ghost;
    /** How often it was given to the workers. */
    int turns;
    /** How many attempts in a row have not ended it, since it was told of last. */
    int attempts;
    /** A worker is at it. */
    boolean running;
    /** It was told of while a worker was at it. */
    boolean again;
    /** The last attempt failed, for another reason than a job. */
    boolean failed;

    /** Why the last attempt did not end it; null before there was one. */
    @Nullable
    String why;

    /** What the timer will do with it; null while it is with the workers. */
    @Nullable
    ScheduledFuture<?> timed;

    QueueEntry(Ghost ghost) {
        this.ghost = ghost;
    }

    /** Takes it from the timer, unless that is done with it. */
    boolean takeFromTimer() {
        return timed != null && timed.cancel(false);
    }
}
