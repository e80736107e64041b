package dev.agentreaper.config;

import java.util.List;

/** The configuration is wrong; its message holds all faults, a line each. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    public ConfigurationException(List<String> faults) {
        super(String.join(System.lineSeparator(), faults));
    }
}
