package dev.agentreaper.watch;

import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.Trigger;

/** Says «look now»: this pod seems to be gone. A pod that merely left the watch is reported too. */
record GonePod(Pod pod, Trigger trigger) {}
