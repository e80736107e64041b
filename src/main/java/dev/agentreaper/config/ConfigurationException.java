package dev.agentreaper.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration is wrong; its message holds all faults, a line each. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;
    private final transient @Nullable Settings rest;

    public ConfigurationException(List<String> faults) {
        this(faults, null);
    }

    /** @param rest the pools whose settings are right, with those of them all; null where these are wrong */
    public ConfigurationException(List<String> faults, @Nullable Settings rest) {
        super(String.join(System.lineSeparator(), faults));
        this.faults = List.copyOf(faults);
        this.rest = rest;
    }

    /** What can be tried all the same; null for nothing. */
    public @Nullable Settings rest() {
        return rest;
    }

    public List<String> faults() {
        return faults;
    }
}
