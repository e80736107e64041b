/** Stand-ins for the outside world: they know nothing of the program that is tested against them. */
@NullMarked
package dev.agentreaper.simulator;

import org.jspecify.annotations.NullMarked;
