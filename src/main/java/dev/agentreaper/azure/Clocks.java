package dev.agentreaper.azure;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Our clock, and that of Azure DevOps, by which it dates changes of status.
 *
 * @param theirs null where an answer did not say
 */
public record Clocks(Instant ours, @Nullable Instant theirs) {
    private static final Duration WITHIN = Duration.ofMinutes(5);

    /** Whether both are there, and hardly apart. */
    public boolean agree() {
        return theirs != null && Duration.between(ours, theirs).abs().compareTo(WITHIN) <= 0;
    }

    /** Theirs where they agree, and else the earlier of the two, by which fewer agents have been offline for long. */
    public Instant now() {
        return theirs == null || (!agree() && ours.isBefore(theirs)) ? ours : theirs;
    }

    /** What they say, for the operator. */
    @Override
    public String toString() {
        return theirs == null
                ? "the answers of Azure DevOps have no Date, and our clock says " + ours
                : "our clock says %s, and Azure DevOps' %s".formatted(ours, theirs);
    }
}
