/** Reads pods from the Kubernetes API, and from each pod the name of its agent. */
@NullMarked
package dev.agentreaper.kubernetes;

import org.jspecify.annotations.NullMarked;
