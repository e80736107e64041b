package dev.agentreaper.removal;

import org.jspecify.annotations.Nullable;

/**
 * A ghost that is still to be removed.
 *
 * @param why why the last attempt did not remove it; null before the first has ended
 */
public record Waiting(Ghost ghost, @Nullable String why) {}
