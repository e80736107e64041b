package dev.agentreaper.config;

import dev.agentreaper.config.SettingsReader.Purpose;
import dev.agentreaper.network.Proxies;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Variables, and the text of an {@code application.yaml} as Quarkus makes names and values of it. */
final class Configuration {
    private final Map<String, String> values = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> unreadable = new HashSet<>();

    /** Nothing but what is required. */
    static Configuration required() {
        return new Configuration()
                .set("REAPER_MODE", "delete")
                .set("AZP_URL", "https://dev.azure.com/my-org")
                .set("AZP_POOL", "linux")
                .set("AZP_TOKEN", "secret-token")
                .set("REAPER_POD_SELECTOR", "app=agent")
                .set("REAPER_SWEEP_AGENTS", "agent-*");
    }

    /** The same, signing in with Microsoft Entra: by a secret, or what is set in its place. */
    static Configuration entra() {
        return required()
                .without("AZP_TOKEN")
                .set("AZURE_TENANT_ID", "7e4a47ab-0000-4000-8000-000000000001")
                .set("AZURE_CLIENT_ID", "c11e47ab-0000-4000-8000-000000000001")
                .set("AZURE_CLIENT_SECRET", "s3cret~value");
    }

    /** What is right but for what is set besides, so that the key matters. */
    static Configuration where(Key key) {
        return switch (key) {
            case TENANT_ID, CLIENT_ID, FEDERATED_TOKEN_FILE, CLIENT_SECRET, AUTHORITY_HOST -> entra();
            case METADATA_HOST -> entra().without("AZURE_TENANT_ID", "AZURE_CLIENT_SECRET");
            default -> required();
        };
    }

    Configuration set(String name, String value) {
        values.put(name, value);
        return this;
    }

    /** One that refers to another that is not there. */
    Configuration unreadable(String name) {
        unreadable.add(name);
        return set(name, "");
    }

    Configuration without(String... names) {
        values.keySet().removeAll(List.of(names));
        return this;
    }

    Configuration file(String yaml) {
        values.putAll(new YamlConfigSource("application.yaml", yaml).getProperties());
        return this;
    }

    Settings read(Purpose purpose) throws ConfigurationException {
        SettingsReading reading =
                SettingsReader.read(values.keySet(), this::value, new Proxies(values), purpose, warnings::add);
        if (reading.usable() == null || !reading.faults().isEmpty()) {
            throw new ConfigurationException(reading.faults());
        }
        return reading.usable();
    }

    private @Nullable String value(String name) {
        if (unreadable.contains(name)) {
            throw new IllegalArgumentException("it refers to something that is not set");
        }
        return values.get(name);
    }

    Settings read() throws ConfigurationException {
        return read(Purpose.RUN);
    }

    /** What is said of it that is no fault. */
    List<String> warnings() throws ConfigurationException {
        read();
        return warnings;
    }

    /** What is wrong with it. */
    List<String> faults(Purpose purpose) {
        try {
            read(purpose);
            return List.of();
        } catch (ConfigurationException e) {
            return String.valueOf(e.getMessage()).lines().toList();
        }
    }

    List<String> faults() {
        return faults(Purpose.RUN);
    }

    /** The keys that are missing. */
    List<String> missing(Purpose purpose) {
        return faults(purpose).stream()
                .filter(fault -> fault.contains(" is missing"))
                .map(fault -> fault.substring(0, fault.indexOf(' ')))
                .toList();
    }
}
