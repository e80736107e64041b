/** The ways in: {@code run}, {@code sweep}, {@code plan} and {@code check}, each putting the same parts together. */
@NullMarked
package dev.agentreaper.command;

import org.jspecify.annotations.NullMarked;
