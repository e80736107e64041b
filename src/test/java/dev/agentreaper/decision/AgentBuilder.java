package dev.agentreaper.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent for a test: one that nothing keeps, offline for an hour, but for what the test says of it. */
final class AgentBuilder {
    static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

    private final int id;
    private final String name;
    private final Map<String, String> capabilities = new HashMap<>();
    private boolean online;
    private boolean enabled = true;
    private boolean busy;
    private @Nullable Instant statusChangedOn = NOW.minus(Duration.ofHours(1));

    private AgentBuilder(int id, String name) {
        this.id = id;
        this.name = name;
    }

    static AgentBuilder agent(int id, String name) {
        return new AgentBuilder(id, name);
    }

    AgentBuilder online() {
        online = true;
        return this;
    }

    AgentBuilder disabled() {
        enabled = false;
        return this;
    }

    AgentBuilder busy() {
        busy = true;
        return this;
    }

    AgentBuilder offlineFor(Duration time) {
        statusChangedOn = NOW.minus(time);
        return this;
    }

    AgentBuilder neverConnected() {
        statusChangedOn = null;
        return this;
    }

    AgentBuilder capability(String capability, String value) {
        capabilities.put(capability, value);
        return this;
    }

    Agent build() {
        return new Agent(id, new AgentName(name), online, enabled, busy, statusChangedOn, capabilities);
    }
}
