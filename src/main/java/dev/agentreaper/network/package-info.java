/** The way to a server: directly, or through a proxy. */
@NullMarked
package dev.agentreaper.network;

import org.jspecify.annotations.NullMarked;
