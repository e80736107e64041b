package dev.agentreaper.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.check.Check;
import java.util.ArrayList;
import java.util.List;

/** Writes the results of {@code check}: as text each as soon as it is there, as JSON all of them at the end. */
final class CheckReport {
    private final OutputFormat format;
    private final List<Check> checks = new ArrayList<>();

    CheckReport(OutputFormat format) {
        this.format = format;
    }

    void add(Check check) {
        checks.add(check);
        switch (format) {
            case TEXT -> System.out.println(text(check));
            case JSON -> {}
        }
    }

    /** @return whether all is well */
    boolean finish() {
        switch (format) {
            case TEXT -> {}
            case JSON -> System.out.println(json());
        }
        return Stdout.isWritten() && checks.stream().allMatch(Check::isOk);
    }

    private static String text(Check check) {
        String line = "%s %s%s: %s"
                .formatted(
                        check.isOk() ? "✓" : "✗",
                        check.name(),
                        check.pool() == null ? "" : " of pool " + check.pool(),
                        check.message());
        return check.cure() == null ? line : line + System.lineSeparator() + "    What to do: " + check.cure();
    }

    private String json() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("schema", 1).put("command", "check");
        ArrayNode all = root.putArray("checks");
        for (Check check : checks) {
            all.addObject()
                    .put("name", check.name())
                    .put("pool", check.pool())
                    .put("ok", check.isOk())
                    .put("message", check.message())
                    .put("cure", check.cure());
        }
        return root.toPrettyString();
    }
}
