/** Shows the main job on embedded simulators, with no cluster and no account. */
@NullMarked
package dev.agentreaper.demo;

import org.jspecify.annotations.NullMarked;
