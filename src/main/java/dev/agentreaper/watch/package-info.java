/** Watches agent pods, and tells the moment when one is gone. */
@NullMarked
package dev.agentreaper.watch;

import org.jspecify.annotations.NullMarked;
