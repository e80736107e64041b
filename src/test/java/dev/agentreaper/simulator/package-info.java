/** Simulators of the outside world, for tests and the demo. They know nothing of the code that they test. */
@NullMarked
package dev.agentreaper.simulator;

import org.jspecify.annotations.NullMarked;
