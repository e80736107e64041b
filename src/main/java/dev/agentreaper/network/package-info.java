/**
 * The way to a server: directly or through a proxy, by the certificates that we trust; bounds of what it answers, and of how
 * often it is asked again.
 */
@NullMarked
package dev.agentreaper.network;

import org.jspecify.annotations.NullMarked;
