/** Removes the agents whose pods are gone: each checked again right before. */
@NullMarked
package dev.agentreaper.removal;

import org.jspecify.annotations.NullMarked;
