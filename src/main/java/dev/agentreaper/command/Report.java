package dev.agentreaper.command;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.KeepReason;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.log.Printable;
import dev.agentreaper.removal.Outcome;
import dev.agentreaper.sweep.SweepRow;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The result of a sweep or a plan, as text for people or JSON for programs. JSON fields are only ever added; absent values
 * are {@code null}.
 */
record Report(String command, Mode mode, List<PoolReport> pools) {
    /** Removals first, in their order; then by reason. */
    private static final Comparator<SweepRow> REMOVALS_FIRST = comparing(SweepRow::reason, nullsFirst(naturalOrder()));

    String as(OutputFormat format) {
        return switch (format) {
            case TEXT -> text();
            case JSON -> json();
        };
    }

    private String text() {
        return pools.stream()
                .map(this::text)
                .collect(Collectors.joining(System.lineSeparator().repeat(2)));
    }

    private String text(PoolReport pool) {
        List<String> lines = new ArrayList<>();
        String heading = "pool %s (%s), mode %s".formatted(pool.name(), Printable.of(pool.pool()), mode.label());
        if (pool.result() == null) {
            lines.add(heading);
            lines.add("  could not be read: " + pool.error());
            return String.join(System.lineSeparator(), lines);
        }
        int pods = pool.result().pods();
        lines.add("%s, %d pod%s selected".formatted(heading, pods, pods == 1 ? "" : "s"));
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("VERDICT", "REASON", "AGENT", "ID", "STATUS", "SINCE", "OUTCOME"));
        pool.result().rows().stream().sorted(REMOVALS_FIRST).forEach(row -> table.add(cells(row)));
        lines.addAll(aligned(table));
        lines.add("");
        long removals = pool.result().rows().stream()
                .filter(row -> row.reason() == null)
                .count();
        lines.add("  REMOVE %d".formatted(removals));
        pool.result().kept().forEach((reason, count) -> lines.add("  KEEP %d %s".formatted(count, reason)));
        return String.join(System.lineSeparator(), lines);
    }

    private static List<String> cells(SweepRow row) {
        Agent agent = row.agent();
        return List.of(
                verdict(row),
                orDash(reason(row)),
                Printable.of(agent.name().value()),
                Integer.toString(agent.id()),
                agent.status(),
                orDash(since(agent)),
                row.outcome() == null ? "-" : outcome(row.outcome()));
    }

    private static @Nullable String since(Agent agent) {
        return agent.statusChangedOn() == null
                ? null
                : agent.statusChangedOn().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String orDash(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private static String outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Kept(KeepReason reason) -> "kept " + reason;
            case Outcome.Failed(String why, boolean _) -> "failed: " + Printable.of(why);
            default -> outcome.kind().label();
        };
    }

    private static List<String> aligned(List<List<String>> table) {
        int columns = table.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : table) {
            for (int i = 0; i < columns - 1; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return table.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder(" ");
                    for (int i = 0; i < columns; i++) {
                        line.append(' ').append(row.get(i));
                        line.repeat(' ', Math.max(0, widths[i] - row.get(i).length()));
                    }
                    return line.toString().stripTrailing();
                })
                .toList();
    }

    private String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", 1).put("command", command).put("mode", mode.label());
        ArrayNode all = root.putArray("pools");
        for (PoolReport pool : pools) {
            ObjectNode node = all.addObject();
            node.put("name", pool.name()).put("pool", pool.pool()).put("error", pool.error());
            node.put("pods", pool.result() == null ? null : pool.result().pods());
            ArrayNode agents = node.putArray("agents");
            ObjectNode counts = node.putObject("counts");
            if (pool.result() != null) {
                pool.result().rows().stream().sorted(REMOVALS_FIRST).forEach(row -> add(agents.addObject(), row));
                pool.result().kept().forEach((reason, count) -> counts.put(reason.name(), count));
            }
        }
        return root.toPrettyString();
    }

    private static void add(ObjectNode node, SweepRow row) {
        Agent agent = row.agent();
        node.put("id", agent.id())
                .put("name", agent.name().value())
                .put("status", agent.status())
                .put("since", since(agent))
                .put("verdict", verdict(row))
                .put("reason", reason(row))
                .put(
                        "outcome",
                        row.outcome() == null ? null : row.outcome().kind().label());
    }

    private static String verdict(SweepRow row) {
        return row.reason() == null ? "REMOVE" : "KEEP";
    }

    private static @Nullable String reason(SweepRow row) {
        return row.reason() == null ? null : row.reason().name();
    }
}
