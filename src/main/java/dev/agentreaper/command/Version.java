package dev.agentreaper.command;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import picocli.CommandLine.IVersionProvider;

/** Which version of the program this is. */
@ApplicationScoped
public class Version implements IVersionProvider {
    private final String version;

    Version(@ConfigProperty(name = "quarkus.application.version") String version) {
        this.version = version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"agent-reaper " + version};
    }

    String number() {
        return version;
    }

    /** How we introduce ourselves to servers. */
    String userAgent() {
        return "agent-reaper/" + version;
    }
}
