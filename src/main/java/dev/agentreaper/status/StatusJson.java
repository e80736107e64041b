package dev.agentreaper.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.health.Connection;
import dev.agentreaper.log.Printable;
import dev.agentreaper.removal.Outcome;
import dev.agentreaper.removal.Removal;
import dev.agentreaper.removal.Waiting;
import dev.agentreaper.sweep.Sweeper.LastSweep;
import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The status as JSON, for programs: fields are only ever added, and absent values are {@code null}. */
final class StatusJson {
    private StatusJson() {}

    static String of(Status status) {
        ObjectNode root = JsonNodeFactory.instance
                .objectNode()
                .put("schema", 1)
                .put("version", status.version())
                .put("mode", status.mode().label())
                .put("summary", status.summary().name().toLowerCase(Locale.ROOT))
                .put("ready", status.ready())
                .put("started", time(status.startedAt()))
                .put("now", time(status.now()));
        ArrayNode connections = root.putArray("connections");
        status.connections().forEach(connection -> add(connections.addObject(), connection));
        ArrayNode pools = root.putArray("pools");
        status.pools().forEach(pool -> add(pools.addObject(), pool));
        return root.toPrettyString();
    }

    private static void add(ObjectNode node, Connection.State connection) {
        Connection.Failure failure = connection.failure();
        node.put("name", connection.name())
                .put("ready", connection.ready())
                .put("failing", connection.isFailing())
                .put("since", failure == null ? null : time(failure.since()))
                .put("until", failure == null ? null : time(failure.until()))
                .put("problem", failure == null ? null : failure.problem().what())
                .put("cure", failure == null ? null : failure.problem().cure());
    }

    private static void add(ObjectNode node, PoolStatus pool) {
        node.put("name", pool.sources().name())
                .put("organization", pool.sources().organization().toString())
                .put("pool", pool.sources().pool())
                .put("pods", pool.sources().pods())
                .put("listed", time(pool.listedAt()))
                .put("online", pool.online())
                .put("offline", pool.offline())
                .put("waiting", pool.waiting())
                .put("nextSweep", time(pool.nextSweep()));
        if (pool.lastSweep() == null) {
            node.putNull("lastSweep");
        } else {
            add(node.putObject("lastSweep"), pool.lastSweep());
        }
        ArrayNode problems = node.putArray("problems");
        pool.problems()
                .forEach(problem ->
                        problems.addObject().put("problem", problem.what()).put("cure", problem.cure()));
        ObjectNode kept = node.putObject("kept");
        pool.kept().forEach((reason, number) -> kept.put(reason.name(), number));
        ArrayNode agents = node.putArray("agents");
        pool.agents().forEach(agent -> add(agents.addObject(), agent));
        ArrayNode waiting = node.putArray("longestWaiting");
        pool.longestWaiting().forEach(ghost -> add(waiting.addObject(), ghost));
        ArrayNode removals = node.putArray("removals");
        pool.removals().forEach(removal -> add(removals.addObject(), removal));
    }

    private static void add(ObjectNode node, LastSweep sweep) {
        node.put("at", time(sweep.at()))
                .put("complete", sweep.result().isComplete())
                .put("pods", sweep.result().pods())
                .put("removed", sweep.result().removed());
    }

    private static void add(ObjectNode node, AgentStatus status) {
        Agent agent = status.agent();
        node.put("id", agent.id())
                .put("name", Printable.line(agent.name().value()))
                .put("status", agent.status())
                .put("since", time(agent.statusChangedOn()))
                .put("reason", status.reason() == null ? null : status.reason().name());
    }

    private static void add(ObjectNode node, Waiting waiting) {
        node.put("agent", Printable.line(waiting.ghost().agent().value()));
        add(node.putArray("pods"), waiting.ghost().pods());
        node.put("since", time(waiting.ghost().since()))
                .put("problem", waiting.why() == null ? null : Printable.of(waiting.why()));
    }

    private static void add(ObjectNode node, Removal removal) {
        node.put("at", time(removal.at()))
                .put("agent", Printable.line(removal.agent().value()));
        add(node.putArray("pods"), removal.pods());
        node.put("trigger", removal.trigger().label())
                .put("outcome", removal.outcome().kind().label())
                .put("reason", removal.outcome() instanceof Outcome.Kept(var reason) ? reason.name() : null)
                .put("problem", problem(removal.outcome()))
                .put("ms", removal.took().toMillis());
    }

    private static void add(ArrayNode node, Collection<PodKey> pods) {
        PodKey.names(pods).forEach(node::add);
    }

    private static @Nullable String problem(Outcome outcome) {
        return switch (outcome) {
            case Outcome.GaveUp(String why) -> Printable.of(why);
            case Outcome.Failed(String why, boolean _) -> Printable.of(why);
            default -> null;
        };
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
