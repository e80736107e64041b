/** The program as its users have it: a process with variables, arguments, logs and an exit code. */
@NullMarked
package dev.agentreaper.program;

import org.jspecify.annotations.NullMarked;
