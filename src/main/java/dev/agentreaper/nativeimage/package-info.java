/** What the native image builder has to be told; nothing here runs on the JVM. */
@NullMarked
package dev.agentreaper.nativeimage;

import org.jspecify.annotations.NullMarked;
