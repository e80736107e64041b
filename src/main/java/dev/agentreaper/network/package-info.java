/** The way to a server: directly or through a proxy, by the certificates that we trust; and bounds of what it answers. */
@NullMarked
package dev.agentreaper.network;

import org.jspecify.annotations.NullMarked;
