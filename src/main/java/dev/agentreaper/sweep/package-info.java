/** Sweeps pools: removes the stragglers that no event told of. */
@NullMarked
package dev.agentreaper.sweep;

import org.jspecify.annotations.NullMarked;
