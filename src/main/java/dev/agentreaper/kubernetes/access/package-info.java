/** Signs in to the cluster: by the service account, or as a kubeconfig has it. */
@NullMarked
package dev.agentreaper.kubernetes.access;

import org.jspecify.annotations.NullMarked;
