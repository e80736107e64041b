package dev.agentreaper.config;

import java.util.List;

/** The configuration is wrong; its message holds all faults, a line each. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    public ConfigurationException(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
