package dev.agentreaper.azure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Placeholders;
import dev.agentreaper.network.BoundedBody;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads agents as their JSON streams by, one at a time, and keeps of each what decisions ask for. Any field may be
 * absent; what is absent or odd speaks for keeping the agent.
 */
final class AgentReader {
    private static final ObjectMapper JSON = new ObjectMapper(new JsonFactory());

    /** In bytes: an agent publishes its whole environment, which is kilobytes. */
    private static final long ELEMENT_AT_MOST = 4_000_000;
    /** Of one list: many times what a pool holds. */
    private static final int VALUES_AT_MOST = 100_000;

    private static final Instant BEFORE_AZURE_DEVOPS = Instant.parse("2000-01-01T00:00:00Z");

    private final Set<String> capabilities;

    /** @param capabilities those that decisions ask for, besides the placeholders' */
    AgentReader(Set<String> capabilities) {
        this.capabilities = new HashSet<>(capabilities);
        this.capabilities.addAll(Placeholders.VARIABLES);
    }

    /**
     * Reads {@code {"count":n,"value":[…]}}.
     *
     * @param soFar is told after each how many there are
     * @throws IOException if it is anything else, or cut short
     */
    List<Agent> list(InputStream body, Consumer<String> odd, IntConsumer soFar) throws IOException {
        List<Agent> agents = new ArrayList<>();
        values(body, node -> {
            Agent agent = agent(node);
            if (agent == null) {
                odd.accept("an agent without an id or a name is left alone");
            } else {
                agents.add(agent);
                soFar.accept(agents.size());
            }
        });
        return agents;
    }

    /**
     * Reads one agent.
     *
     * @throws IOException if it is none: it has no id or no name
     */
    Agent one(InputStream body) throws IOException {
        Agent agent = agent(tree(body));
        if (agent == null) {
            throw new IOException("the answer is not an agent");
        }
        return agent;
    }

    /** Azure DevOps confirms a DELETE with no body, or with JSON; a page is from a proxy. */
    static boolean refusePage(InputStream body) throws IOException {
        int first = body.read();
        while (first == 0xEF || first == 0xBB || first == 0xBF || Character.isWhitespace(first)) {
            first = body.read();
        }
        if (first == '<') {
            throw new IOException("the answer is a page");
        }
        return true;
    }

    /** Reads one object. */
    static JsonNode tree(InputStream body) throws IOException {
        JsonNode node = JSON.readTree(new BoundedBody(body, ELEMENT_AT_MOST));
        if (node == null || !node.isObject()) {
            throw new IOException("the answer is not a JSON object");
        }
        return node;
    }

    /** Reads the elements of {@code {"count":n,"value":[…]}}, and holds but one of them at a time. */
    static void values(InputStream body, Consumer<JsonNode> each) throws IOException {
        int count = -1;
        int values = -1;
        BoundedBody bounded = new BoundedBody(body, ELEMENT_AT_MOST);
        try (JsonParser json = JSON.createParser(bounded)) {
            expect(JsonToken.START_OBJECT, json.nextToken());
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("value")) {
                    expect(JsonToken.START_ARRAY, value);
                    for (values = 0; json.nextToken() != JsonToken.END_ARRAY; values++) {
                        bounded.renew();
                        if (values == VALUES_AT_MOST) {
                            throw new IOException("the list has more than %d values".formatted(VALUES_AT_MOST));
                        }
                        each.accept(JSON.readTree(json));
                    }
                } else if (field.equals("count") && value == JsonToken.VALUE_NUMBER_INT) {
                    count = json.getIntValue();
                } else {
                    json.skipChildren();
                }
            }
            expect(JsonToken.END_OBJECT, json.currentToken());
        }
        if (values < 0) {
            throw new IOException("the answer has no list of values");
        }
        if (count >= 0 && count != values) {
            throw new IOException("the list is cut short: it has %d of %d values".formatted(values, count));
        }
    }

    private static void expect(JsonToken expected, @Nullable JsonToken actual) throws IOException {
        if (actual != expected) {
            throw new IOException("the answer is not a list");
        }
    }

    private @Nullable Agent agent(JsonNode node) {
        String name = node.path("name").asText("");
        int id = id(node);
        if (name.isEmpty() || id <= 0) {
            return null;
        }
        JsonNode request = node.path("assignedRequest");
        return new Agent(
                id,
                new AgentName(name),
                !node.path("status").asText("").equalsIgnoreCase("offline"),
                node.path("enabled").booleanValue(),
                !request.isMissingNode() && !request.isNull(),
                instant(node.path("statusChangedOn").asText("")),
                capabilities(node));
    }

    /** 0 for any other than a whole number that an id can be: a part of it would be another agent's. */
    private static int id(JsonNode node) {
        JsonNode id = node.path("id");
        return id.isIntegralNumber() && id.canConvertToInt() ? id.intValue() : 0;
    }

    private Map<String, String> capabilities(JsonNode node) {
        Map<String, String> found = new HashMap<>();
        for (String kind : List.of("userCapabilities", "systemCapabilities")) {
            JsonNode published = node.path(kind);
            for (String capability : capabilities) {
                if (published.path(capability).isTextual()) {
                    found.put(capability, published.path(capability).asText());
                }
            }
        }
        return found;
    }

    /** Null also for a time before there was Azure DevOps: .NET writes one that was never set as the year 1. */
    private static @Nullable Instant instant(String text) {
        try {
            Instant instant = text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
            return instant == null || instant.isBefore(BEFORE_AZURE_DEVOPS) ? null : instant;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
