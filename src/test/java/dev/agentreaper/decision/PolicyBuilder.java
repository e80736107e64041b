package dev.agentreaper.decision;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A policy for a test: the defaults, and a sweep may remove any agent, but for what the test says of it. */
final class PolicyBuilder {
    private final List<String> protect = new ArrayList<>();
    private final Map<String, String> capabilities = new HashMap<>();
    private List<String> sweepAgents = List.of("*");
    private Duration offlineFor = Duration.ofMinutes(10);
    private int maxRemovals = 200;

    PolicyBuilder protect(String glob) {
        protect.add(glob);
        return this;
    }

    PolicyBuilder capability(String capability, String value) {
        capabilities.put(capability, value);
        return this;
    }

    PolicyBuilder sweepAgents(String... globs) {
        sweepAgents = List.of(globs);
        return this;
    }

    PolicyBuilder offlineFor(Duration time) {
        offlineFor = time;
        return this;
    }

    PolicyBuilder maxRemovals(int number) {
        maxRemovals = number;
        return this;
    }

    Policy build() {
        return new Policy(new Globs(protect), capabilities, new Globs(sweepAgents), offlineFor, maxRemovals);
    }
}
