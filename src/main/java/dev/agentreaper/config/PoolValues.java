package dev.agentreaper.config;

import dev.agentreaper.config.Values.Given;
import dev.agentreaper.config.Values.Parser;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one pool's settings: its own in the file, and for the rest those of the variables. */
final class PoolValues {
    private final String pool;
    private final Values values;
    private final Names names;

    PoolValues(String pool, Values values, Names names) {
        this.pool = pool;
        this.values = values;
        this.names = names;
    }

    /** The parsed value; null where it is missing or wrong, which is noted. */
    <T> @Nullable T required(Key key, Parser<T> parser) {
        return required(key, "", parser);
    }

    /** @param why what is said besides where it is missing */
    <T> @Nullable T required(Key key, String why, Parser<T> parser) {
        Given given = given(key);
        if (given == null) {
            missing(key, why);
        }
        return values.parse(given, parser, null);
    }

    /** The parsed value, or the default; null for a fault, which is noted. */
    <T> @Nullable T parse(Key key, Parser<? extends T> parser, T orElse) {
        return values.parse(given(key), parser, orElse);
    }

    /** Notes that a required setting is missing. */
    void missing(Key key, String why) {
        values.missing(key, toAskFor(key), why);
    }

    /** By what name to ask for a setting. */
    String toAskFor(Key key) {
        return names.toAskFor(pool, key);
    }

    /** The pool's own before an inherited one; null for none. */
    @Nullable
    Given given(Key key) {
        return values.first(key, names.ofPool(pool, key), key.variable());
    }

    @Nullable
    Given own(Key key) {
        return values.first(key, names.ofPool(pool, key));
    }

    @Nullable
    Given inherited(Key key) {
        return values.first(key, key.variable());
    }

    boolean hasOwn(List<Key> anyOf) {
        return anyOf.stream().anyMatch(key -> own(key) != null);
    }

    boolean inherits(List<Key> anyOf) {
        return anyOf.stream().anyMatch(key -> inherited(key) != null);
    }
}
