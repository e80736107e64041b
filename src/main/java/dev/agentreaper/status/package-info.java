/** Shows what the running program does, to people as a page and to programs as JSON. Reads, and changes nothing. */
@NullMarked
package dev.agentreaper.status;

import org.jspecify.annotations.NullMarked;
