package dev.agentreaper.config;

import dev.agentreaper.health.Fault;
import dev.agentreaper.health.FaultException;
import dev.agentreaper.log.Printable;
import dev.agentreaper.network.Proxies;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values of the settings as they were given, and what is wrong with them. */
final class Values {

    /** Makes of the text what it stands for. */
    interface Parser<T> {
        /** @throws IllegalArgumentException with what is wrong with it; a {@link FaultException} has the right value, or what to do */
        T parse(String text);
    }

    /**
     * A value, and the name under which it was given.
     *
     * @param text without white space around it
     * @param fault why it can't be had; null where it can
     */
    record Given(
            Key key, String name, String text, @Nullable String fault) {}

    /** As a shell would take them away, and neither a ConfigMap nor a file of variables does. */
    private static final Pattern QUOTED = Pattern.compile("\".*\"|'.*'", Pattern.DOTALL);

    private final Function<String, @Nullable String> source;
    private final Proxies proxies;
    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private boolean proxyWrong;

    /** @param source the value of a name, of a variable or in the file; null where there is none */
    Values(Function<String, @Nullable String> source, Proxies proxies) {
        this.source = source;
        this.proxies = proxies;
    }

    /** The first of these names that has a value that is not empty. */
    @Nullable
    Given first(Key key, String... names) {
        for (String name : names) {
            String text;
            try {
                text = source.apply(name);
            } catch (IllegalArgumentException e) {
                return new Given(key, name, "", e.getMessage());
            }
            if (text != null && !text.isBlank()) {
                if (!text.equals(text.strip())) {
                    warnings.add(name + ": the white space around its value is dropped.");
                }
                return new Given(key, name, text.strip(), null);
            }
        }
        return null;
    }

    /** Whether this name has a value, which is empty. */
    boolean isEmpty(String name) {
        String text = source.apply(name);
        return text != null && text.isBlank();
    }

    /** The parsed value, or the default; null for a fault, which is noted. */
    <T> @Nullable T parse(@Nullable Given given, Parser<? extends T> parser, @Nullable T orElse) {
        if (given == null) {
            return orElse;
        }
        if (given.fault() != null) {
            fault(given.name() + ": " + given.fault(), given.name(), given.key());
            return null;
        }
        if (isQuoted(given.text())) {
            fault(
                    given,
                    new Fault(
                            "the quotes around it are a part of the value",
                            new Fault.Remedy.Action("leave them out.")));
            return null;
        }
        try {
            return parser.parse(given.text());
        } catch (IllegalArgumentException e) {
            fault(given, FaultException.fault(e));
            return null;
        }
    }

    /** Whether it has quotes around it that no shell and no YAML has taken away. */
    static boolean isQuoted(String text) {
        return QUOTED.matcher(text).matches();
    }

    private void fault(Given given, Fault ofValue) {
        String what = given.name() + shown(given) + ": " + ofValue.what();
        switch (ofValue.remedy()) {
            case null -> fault(what, given.name(), given.key());
            case Fault.Remedy.Instead(String value) ->
                fault(new Fault(what, new Fault.Remedy.Instead(assignment(given.name(), given.key(), value))));
            case Fault.Remedy remedy -> fault(new Fault(what, remedy));
        }
    }

    /** Notes that a required setting is missing. */
    void missing(Key key, String name, String why) {
        fault(name + " is missing" + why, name, key);
    }

    /** Notes, once for all servers, that the proxy on the way there is none. */
    void checkProxyTo(@Nullable URI server) {
        try {
            if (server != null) {
                var _ = proxies.to(server);
            }
        } catch (IllegalArgumentException e) {
            proxyWrong = true;
            Fault fault = FaultException.fault(e);
            if (!faults.contains(fault)) {
                fault(fault);
            }
        }
    }

    /** Whether a proxy that is on the way to a server is none. */
    boolean isProxyWrong() {
        return proxyWrong;
    }

    void fault(Fault fault) {
        faults.add(fault);
    }

    void warn(String text) {
        warnings.add(text);
    }

    List<Fault> faults() {
        return List.copyOf(faults);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** A URL with an @ has a user's name, and often a token, in it. */
    private static String shown(Given given) {
        boolean secret =
                given.key().isSecret() || (given.key().isUrl() && given.text().contains("@"));
        return secret ? "" : " «" + Printable.of(given.text()) + "»";
    }

    private void fault(String what, String name, Key key) {
        fault(new Fault(what, new Fault.Remedy.Example(assignment(name, key, key.example()))));
    }

    /** As it is written where that name is from: in the environment, or in the file. */
    private static String assignment(String name, Key key, String value) {
        if (name.equals(key.variable())) {
            return name + "=" + value;
        }
        return name + ": " + (value.contains("{") ? "'" + value + "'" : value);
    }
}
