/** Reads and deletes agents in Azure DevOps pools. */
@NullMarked
package dev.agentreaper.azure;

import org.jspecify.annotations.NullMarked;
