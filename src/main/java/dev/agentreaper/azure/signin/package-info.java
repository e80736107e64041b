/**
 * Signs in to Azure DevOps: by a personal access token, or as an identity of Microsoft Entra. Why the tokens of Entra are asked
 * for without a library of Microsoft's stands in {@code docs/decisions/0004}.
 */
@NullMarked
package dev.agentreaper.azure.signin;

import org.jspecify.annotations.NullMarked;
