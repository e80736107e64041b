package dev.agentreaper.kubernetes;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reading JSON as a stream, where a value of another type than the expected one is skipped and counts as absent. */
final class Json {

    /** Takes one field; must consume its value. */
    interface Field {
        void read(String name, JsonReader value) throws IOException;
    }

    /** Takes one element; must consume it. */
    interface Element {
        void read(JsonReader value) throws IOException;
    }

    private Json() {}

    static void object(JsonReader json, Field each) throws IOException {
        if (is(JsonToken.BEGIN_OBJECT, json)) {
            json.beginObject();
            while (json.hasNext()) {
                each.read(json.nextName(), json);
            }
            json.endObject();
        }
    }

    static void array(JsonReader json, Element each) throws IOException {
        if (is(JsonToken.BEGIN_ARRAY, json)) {
            json.beginArray();
            while (json.hasNext()) {
                each.read(json);
            }
            json.endArray();
        }
    }

    static @Nullable String string(JsonReader json) throws IOException {
        return is(JsonToken.STRING, json) ? json.nextString() : null;
    }

    static String stringOrEmpty(JsonReader json) throws IOException {
        String value = string(json);
        return value == null ? "" : value;
    }

    static boolean isTrue(JsonReader json) throws IOException {
        return is(JsonToken.BOOLEAN, json) && json.nextBoolean();
    }

    /** The number as an int, or 0. */
    static int number(JsonReader json) throws IOException {
        return is(JsonToken.NUMBER, json) ? (int) json.nextDouble() : 0;
    }

    private static boolean is(JsonToken expected, JsonReader json) throws IOException {
        if (json.peek() == expected) {
            return true;
        }
        json.skipValue();
        return false;
    }
}
