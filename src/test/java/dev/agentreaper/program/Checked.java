package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.program.OneShotScene.Ended;
import java.util.ArrayList;
import java.util.List;

/** What {@code check --output json} found wrong. */
final class Checked {
    private Checked() {}

    static String theOnlyCure(Ended ended, String name) {
        assertThat(failed(ended)).as("%s", ended).hasSize(1);
        return cure(ended, name);
    }

    static String cure(Ended ended, String name) {
        return the(ended, name, "cure");
    }

    static String message(Ended ended, String name) {
        return the(ended, name, "message");
    }

    static List<JsonNode> failed(Ended ended) {
        List<JsonNode> failed = new ArrayList<>();
        for (JsonNode check : OneShotScene.json(ended.output()).path("checks")) {
            if (!check.path("ok").asBoolean()) {
                failed.add(check);
            }
        }
        return failed;
    }

    private static String the(Ended ended, String name, String field) {
        assertThat(ended.exitCode()).isEqualTo(1);
        return failed(ended).stream()
                .filter(check -> check.path("name").asText().equals(name))
                .map(check -> check.path(field).asText())
                .reduce((one, other) -> {
                    throw new IllegalStateException("two of " + name);
                })
                .orElseThrow(() -> new IllegalStateException("no failed " + name + " in " + ended));
    }
}
