/** Clusters that share a pool, all that can happen to them at random, and an oracle that sees only the outside. */
@NullMarked
package dev.agentreaper.chaos;

import org.jspecify.annotations.NullMarked;
