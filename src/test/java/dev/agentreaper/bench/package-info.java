/**
 * Measures the program from outside, beside what else there is: what it takes from a pod's end to its agent's, and what it
 * costs. {@link dev.agentreaper.bench.Bench} runs it.
 */
@NullMarked
package dev.agentreaper.bench;

import org.jspecify.annotations.NullMarked;
