package dev.agentreaper.decision;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a decision needs to know of an agent pod.
 *
 * @param declared the pool in which its environment says that its agent registers
 * @param ended its phase is {@code Succeeded} or {@code Failed}
 * @param placeholder its environment says that it registers a placeholder
 * @param started {@code status.startTime}; null before the kubelet has acknowledged it
 * @param endsBy {@code metadata.deletionTimestamp}, by which a terminating pod ought to have ended; null for any other
 */
public record Pod(
        PodKey key,
        String uid,
        PodAgent agent,
        DeclaredPool declared,
        boolean ended,
        boolean placeholder,
        @Nullable Instant started,
        @Nullable Instant endsBy) {

    private static final Duration TIME_TO_REGISTER = Duration.ofMinutes(5);

    /** Live in an event's sense: a pod that is only terminating may still be finishing its job. */
    public boolean isLive() {
        return !ended;
    }

    /** Live in a sweep's sense: one that ought to have ended {@code patience} ago is on a lost node. */
    public boolean isLive(Instant now, Duration patience) {
        return isLive() && (endsBy == null || !endsBy.isBefore(now.minus(patience)));
    }

    /** Whether its agent ought to have registered and connected by now. */
    public boolean hasHadTimeToRegister(Instant now) {
        return started != null && started.isBefore(now.minus(TIME_TO_REGISTER));
    }

    /** The same pod, known to run that agent. */
    public Pod with(PodAgent other) {
        return new Pod(key, uid, other, declared, ended, placeholder, started, endsBy);
    }
}
