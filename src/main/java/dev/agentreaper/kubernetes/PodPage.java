package dev.agentreaper.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list of pods.
 *
 * @param next the token of the page after it; null on the last
 */
record PodPage(
        List<PodFacts> pods,
        String resourceVersion,
        @Nullable String next) {}
