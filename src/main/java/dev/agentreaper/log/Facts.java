package dev.agentreaper.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a line of the log is about, for those who search it. Among the parameters of a line, it is {@code key=value} in the
 * text, and besides, in JSON, a field of its own for each: {@link JsonLog}.
 */
public final class Facts {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLAIN = Pattern.compile("[^\\s\"=]+");

    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final List<String> said = new ArrayList<>();

    /** Adds one, a number, a text or a map of these; null for none, which is {@code -} in the text. */
    public Facts and(String key, @Nullable Object value) {
        said.add(key + "=" + text(value));
        return andField(key, value);
    }

    /** Adds one that the text says in words of its own, so that it is a field alone. */
    public Facts andField(String key, @Nullable Object value) {
        fields.put(key, field(value));
        return this;
    }

    /** The fields as members of an object of JSON, {@code "pool":"default","ms":5}. */
    String members() {
        try {
            String object = JSON.writeValueAsString(fields);
            return object.substring(1, object.length() - 1);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", said);
    }

    /** Nothing but what JSON knows too. */
    private static @Nullable Object field(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Number number -> number;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                map.forEach((key, member) -> members.put(Printable.line(key.toString()), field(member)));
                yield members;
            }
            default -> Printable.line(value.toString());
        };
    }

    /** In quotation marks where it could be taken for more than one value: agents' names are others' texts. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "-";
            case String text
            when !PLAIN.matcher(text).matches() ->
                '"' + Printable.line(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
            default -> value.toString();
        };
    }
}
