package dev.agentreaper.health;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the probes look at: the connections that must work, and the threads that must turn. Thread-safe. */
@ApplicationScoped
public class Vitals {
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final List<Heartbeat> heartbeats = new CopyOnWriteArrayList<>();

    public Connection add(Connection connection) {
        connections.add(connection);
        return connection;
    }

    public Heartbeat add(Heartbeat heartbeat) {
        heartbeats.add(heartbeat);
        return heartbeat;
    }

    public List<Connection> connections() {
        return List.copyOf(connections);
    }

    /** Whether every connection is ready; not before there is any. */
    public boolean isReady() {
        return !connections.isEmpty() && connections.stream().allMatch(Connection::isReady);
    }

    boolean isAlive() {
        return heartbeats.stream().allMatch(Heartbeat::isAlive);
    }
}
