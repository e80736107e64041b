/** Removes an Azure Pipelines agent's registration the moment its Kubernetes pod is gone. */
@NullMarked
package dev.agentreaper;

import org.jspecify.annotations.NullMarked;
