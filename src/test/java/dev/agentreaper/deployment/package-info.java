/** The manifests, as a cluster would take them: rendered, applied to a real API server, and their containers started. */
@NullMarked
package dev.agentreaper.deployment;

import org.jspecify.annotations.NullMarked;
