package dev.agentreaper.health;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Shows that one of our threads still runs. It goes by the time that has passed, however the clock is set. */
public final class Heartbeat {
    /**
     * What the last beat promised.
     *
     * @param at in nanoseconds, by a clock that is never set
     */
    private record Promise(long at, Duration within) {}

    private final LongSupplier nanoTime;
    private volatile @Nullable Promise promise;

    public Heartbeat() {
        this(System::nanoTime);
    }

    Heartbeat(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** It runs, and will say so again within this time. */
    public void beat(Duration within) {
        promise = new Promise(nanoTime.getAsLong(), within);
    }

    /** It has come to its end, as it should. */
    public void end() {
        promise = null;
    }

    public boolean isAlive() {
        Promise last = promise;
        return last == null || nanoTime.getAsLong() - last.at() < last.within().toNanos();
    }
}
