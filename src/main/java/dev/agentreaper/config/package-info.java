/** Reads the configuration, and tells all that is wrong with it at once. */
@NullMarked
package dev.agentreaper.config;

import org.jspecify.annotations.NullMarked;
