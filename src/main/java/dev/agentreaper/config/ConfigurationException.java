package dev.agentreaper.config;

import static java.util.stream.Collectors.joining;

import dev.agentreaper.health.Fault;
import java.util.List;

/** The configuration is wrong; its message holds all faults, a line each. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Fault> faults;

    public ConfigurationException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(joining(System.lineSeparator())));
        this.faults = List.copyOf(faults);
    }

    public List<Fault> faults() {
        return faults;
    }
}
