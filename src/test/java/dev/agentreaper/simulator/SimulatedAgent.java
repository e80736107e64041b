package dev.agentreaper.simulator;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent's registration at one moment.
 *
 * @param id unique in its pool, and never given again
 * @param status {@code online} or {@code offline}
 * @param statusChangedOn the last change of connectivity; absent if the agent never connected
 * @param assignedRequest whether a job is assigned, which makes the agent impossible to delete
 */
public record SimulatedAgent(
        int id,
        String name,
        String status,
        boolean enabled,
        @Nullable Instant createdOn,
        @Nullable Instant statusChangedOn,
        boolean assignedRequest,
        Map<String, String> systemCapabilities,
        Map<String, String> userCapabilities) {

    static final String ONLINE = "online";
    static final String OFFLINE = "offline";

    public SimulatedAgent {
        systemCapabilities = Map.copyOf(systemCapabilities);
        userCapabilities = Map.copyOf(userCapabilities);
    }

    static SimulatedAgent registered(int id, String name, Instant now, Map<String, String> systemCapabilities) {
        return new SimulatedAgent(id, name, ONLINE, true, now, now, false, systemCapabilities, Map.of());
    }

    SimulatedAgent connected(String newStatus, @Nullable Instant changedOn) {
        return new SimulatedAgent(
                id,
                name,
                newStatus,
                enabled,
                createdOn,
                changedOn,
                assignedRequest,
                systemCapabilities,
                userCapabilities);
    }

    SimulatedAgent disabled() {
        return new SimulatedAgent(
                id,
                name,
                status,
                false,
                createdOn,
                statusChangedOn,
                assignedRequest,
                systemCapabilities,
                userCapabilities);
    }

    SimulatedAgent busy(boolean hasRequest) {
        return new SimulatedAgent(
                id,
                name,
                status,
                enabled,
                createdOn,
                statusChangedOn,
                hasRequest,
                systemCapabilities,
                userCapabilities);
    }

    SimulatedAgent withUserCapabilities(Map<String, String> capabilities) {
        return new SimulatedAgent(
                id,
                name,
                status,
                enabled,
                createdOn,
                statusChangedOn,
                assignedRequest,
                systemCapabilities,
                capabilities);
    }

    SimulatedAgent mergedWith(Map<String, String> capabilities) {
        Map<String, String> merged = new HashMap<>(systemCapabilities);
        merged.putAll(capabilities);
        return new SimulatedAgent(
                id, name, status, enabled, createdOn, statusChangedOn, assignedRequest, merged, userCapabilities);
    }
}
