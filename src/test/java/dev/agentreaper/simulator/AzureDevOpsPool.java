package dev.agentreaper.simulator;

import static dev.agentreaper.simulator.SimulatedAgent.OFFLINE;
import static dev.agentreaper.simulator.SimulatedAgent.ONLINE;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An agent pool. Every operation is atomic; those that name an agent match the name exactly. */
public final class AzureDevOpsPool {
    private final int id;
    private final String name;
    private final String poolType;
    private final InstantSource clock;
    private final Consumer<Removal> removals;
    private final Map<Integer, Registration> registrations = new LinkedHashMap<>();
    private int lastId;
    private boolean hosted;
    private String options = "none";
    private boolean manageable = true;

    AzureDevOpsPool(int id, String name, String poolType, InstantSource clock, Consumer<Removal> removals) {
        this.id = id;
        this.name = name;
        this.poolType = poolType;
        this.clock = clock;
        this.removals = removals;
    }

    public int id() {
        return id;
    }

    public String name() {
        return name;
    }

    public synchronized boolean isHosted() {
        return hosted;
    }

    /** Makes this a pool of Microsoft's own machines. */
    public synchronized AzureDevOpsPool hosted() {
        hosted = true;
        return this;
    }

    /** {@code automation} or {@code deployment}. */
    public String poolType() {
        return poolType;
    }

    public synchronized String options() {
        return options;
    }

    /** {@code none}, {@code elasticPool} and so on. */
    public synchronized AzureDevOpsPool options(String newOptions) {
        options = newOptions;
        return this;
    }

    public synchronized boolean isManageable() {
        return manageable;
    }

    /** Whether the caller may manage the pool: without that it can read the agents and delete none. */
    public synchronized AzureDevOpsPool manageable(boolean allowed) {
        manageable = allowed;
        return this;
    }

    /** What {@code config.sh} does: a new id, online. As in the service, names that differ only by case collide. */
    public synchronized SimulatedAgent register(String agent, Map<String, String> systemCapabilities) {
        if (registrations.values().stream()
                .anyMatch(known -> known.agent().name().equalsIgnoreCase(agent))) {
            throw new IllegalStateException("Pool " + name + " already contains an agent with name " + agent + ".");
        }
        return put(SimulatedAgent.registered(++lastId, agent, clock.instant(), systemCapabilities), null);
    }

    /** What {@code config.sh --replace} does: an agent of that name keeps its id, its switch and its user capabilities. */
    public synchronized SimulatedAgent registerReplacing(String agent, Map<String, String> systemCapabilities) {
        if (find(agent).isEmpty()) {
            return register(agent, systemCapabilities);
        }
        return change(agent, known -> known.mergedWith(systemCapabilities).connected(ONLINE, clock.instant()));
    }

    /**
     * Puts an agent that is always served as this JSON, however odd. It goes by the JSON's {@code id} and {@code name}
     * where these make sense, and otherwise by the next free id and no name.
     */
    public synchronized SimulatedAgent addRaw(String json) {
        JsonNode raw = AzureDevOpsJson.parse(json);
        int rawId = raw.path("id").asInt(0);
        return put(AzureDevOpsJson.readAgent(raw, rawId > 0 ? rawId : lastId + 1), raw);
    }

    /** The agent connects. */
    public void goOnline(String agent) {
        change(agent, known -> known.connected(ONLINE, clock.instant()));
    }

    /** The agent loses its connection now. */
    public void goOffline(String agent) {
        offlineSince(agent, clock.instant());
    }

    /** The agent lost its connection then. */
    public void offlineSince(String agent, Instant since) {
        change(agent, known -> known.connected(OFFLINE, since));
    }

    /** Makes the agent a placeholder: offline, and never seen to connect. */
    public void neverConnected(String agent) {
        change(agent, known -> known.connected(OFFLINE, null));
    }

    /** Someone switches the agent off. */
    public void disable(String agent) {
        change(agent, SimulatedAgent::disabled);
    }

    /** A job is assigned to the agent, or no longer. */
    public void busy(String agent, boolean hasRequest) {
        change(agent, known -> known.busy(hasRequest));
    }

    /** Someone gives the agent these user capabilities. */
    public void userCapabilities(String agent, Map<String, String> capabilities) {
        change(agent, known -> known.withUserCapabilities(capabilities));
    }

    /** The agent unregisters itself. */
    public synchronized void remove(String agent) {
        take(required(agent), null);
    }

    /** All agents, oldest first. */
    public synchronized List<SimulatedAgent> agents() {
        return registrations.values().stream().map(Registration::agent).toList();
    }

    public synchronized Optional<SimulatedAgent> find(String agent) {
        return agents().stream().filter(known -> known.name().equals(agent)).findFirst();
    }

    synchronized List<Registration> registrations() {
        return List.copyOf(registrations.values());
    }

    synchronized Optional<Registration> registration(int agentId) {
        return Optional.ofNullable(registrations.get(agentId));
    }

    /** Deletes an idle agent. Gives the agent as it was: a busy one is still there. */
    synchronized Optional<SimulatedAgent> delete(int agentId, Instant received) {
        Optional<SimulatedAgent> agent = registration(agentId).map(Registration::agent);
        agent.filter(known -> !known.assignedRequest()).ifPresent(idle -> take(idle, received));
        return agent;
    }

    private void take(SimulatedAgent agent, @Nullable Instant deleteReceived) {
        removals.accept(new Removal(this, agent, clock.instant(), deleteReceived));
        registrations.remove(agent.id());
    }

    private synchronized SimulatedAgent change(String agent, UnaryOperator<SimulatedAgent> change) {
        SimulatedAgent known = required(agent);
        Registration registration = registrations.get(known.id());
        return put(change.apply(known), registration == null ? null : registration.raw());
    }

    private SimulatedAgent required(String agent) {
        return find(agent).orElseThrow(() -> new NoSuchElementException("no agent " + agent + " in pool " + name));
    }

    private SimulatedAgent put(SimulatedAgent agent, @Nullable JsonNode raw) {
        lastId = Math.max(lastId, agent.id());
        registrations.put(agent.id(), new Registration(agent, raw));
        return agent;
    }

    /** An agent, and the JSON that it is served as if that is not its own. */
    record Registration(SimulatedAgent agent, @Nullable JsonNode raw) {}

    /**
     * An agent that left its pool.
     *
     * @param deleteReceived when the DELETE came by which it went; null where it unregistered itself
     */
    public record Removal(
            AzureDevOpsPool pool,
            SimulatedAgent agent,
            Instant at,
            @Nullable Instant deleteReceived) {}
}
