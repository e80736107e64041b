package dev.agentreaper.removal;

import dev.agentreaper.health.Pause;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what repeated attempts cost while nothing works: after a number of failures in a row it is closed, and lets one
 * attempt pass each half second, in the order in which they came. An attempt that works opens it for as many failures again.
 * Not thread-safe.
 *
 * @param <E> what is tried
 */
final class RetryGate<E> {
    private static final Duration SPACING = Duration.ofMillis(500);

    private final int closesAfter;
    private final SequencedSet<E> heldBack = new LinkedHashSet<>();
    private int failures;
    private Pause untilNext = Pause.NONE;

    /** @param closesAfter so many failures in a row */
    RetryGate(int closesAfter) {
        this.closesAfter = closesAfter;
    }

    /** Whether it may be tried again now; else it is held back. */
    boolean passes(E entry, Instant now) {
        boolean open = failures < closesAfter;
        if (!open && (!heldBack.isEmpty() || untilNext.lasts(now))) {
            heldBack.add(entry);
            return false;
        }
        if (!open) {
            untilNext = new Pause(now, SPACING);
        }
        return true;
    }

    void failed() {
        failures = Math.min(failures + 1, closesAfter);
    }

    /** Opens it, and gives back all that it held back. */
    List<E> worked() {
        failures = 0;
        List<E> all = List.copyOf(heldBack);
        heldBack.clear();
        return all;
    }

    /** How long it is until one may pass while it is closed. */
    Duration untilNext(Instant now) {
        return untilNext.left(now);
    }

    /** Lets the next pass that it holds back; null where it holds back none. */
    @Nullable
    E next(Instant now) {
        if (heldBack.isEmpty()) {
            return null;
        }
        untilNext = new Pause(now, SPACING);
        return heldBack.removeFirst();
    }

    /** It does not want to pass any more. */
    void leave(E entry) {
        heldBack.remove(entry);
    }
}
