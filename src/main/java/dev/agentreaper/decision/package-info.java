/** Decides, from what was read, which agents may be removed. Pure: no clock, no network, no logger, nothing but the JDK. */
@NullMarked
package dev.agentreaper.decision;

import org.jspecify.annotations.NullMarked;
