/** The log: lines or JSON, with no character that a line must not have, and no secret. */
@NullMarked
package dev.agentreaper.log;

import org.jspecify.annotations.NullMarked;
