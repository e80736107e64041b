/** What is reachable and what is not, told once to the log and at any time to the probes. */
@NullMarked
package dev.agentreaper.health;

import org.jspecify.annotations.NullMarked;
