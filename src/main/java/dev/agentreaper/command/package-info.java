/** The ways in: {@code run}, {@code sweep} and {@code plan}, each putting the same parts together. */
@NullMarked
package dev.agentreaper.command;

import org.jspecify.annotations.NullMarked;
