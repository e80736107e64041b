/** What is wrong, told in words with a cure: once to the log, and at any time to the probes. */
@NullMarked
package dev.agentreaper.health;

import org.jspecify.annotations.NullMarked;
