/**
 * Reads and deletes agents in Azure DevOps pools.
 *
 * <p>The access tokens of Microsoft Entra take one form POST or one GET, which is made here by the REST client that the rest
 * uses. Microsoft's libraries would bring their own HTTP clients past our certificates, timeouts and pauses (msal4j, 0.8 MB) or
 * a second Netty with Reactor and JNA that a native image has to be taught (azure-identity, 21 MB), and errors would still have
 * to be told with their cures by us.
 */
@NullMarked
package dev.agentreaper.azure;

import org.jspecify.annotations.NullMarked;
