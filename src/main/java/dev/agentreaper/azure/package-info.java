/**
 * Reads and deletes agents in Azure DevOps pools, and signs in there. Why tokens of Microsoft Entra are asked for without a
 * library of Microsoft's stands in {@code docs/decisions/0004}.
 */
@NullMarked
package dev.agentreaper.azure;

import org.jspecify.annotations.NullMarked;
