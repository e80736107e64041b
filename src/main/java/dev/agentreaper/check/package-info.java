/** Tries what the program needs, one thing after another, and says of each that fails how to mend it. */
@NullMarked
package dev.agentreaper.check;

import org.jspecify.annotations.NullMarked;
