/** Measures the program from outside: what it takes from a pod's end to its agent's, and what it costs. */
@NullMarked
package dev.agentreaper.bench;

import org.jspecify.annotations.NullMarked;
