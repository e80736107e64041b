package dev.agentreaper.command;

import dev.agentreaper.config.ConfigurationException;
import dev.agentreaper.config.Settings;
import dev.agentreaper.config.SettingsReader;
import dev.agentreaper.config.SettingsReading;
import dev.agentreaper.health.Fault;
import dev.agentreaper.health.FaultException;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.access.KubernetesClient;
import dev.agentreaper.network.Proxies;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What a command needs to begin: the settings and the way to the cluster, or all that is wrong with them. */
@ApplicationScoped
public class Configuration {
    private static final Logger LOG = Logger.getLogger(Configuration.class);

    private final SmallRyeConfig config;
    private final Version version;

    Configuration(Config config, Version version) {
        this.config = config.unwrap(SmallRyeConfig.class);
        this.version = version;
    }

    /** Both, complete and right. */
    record Ready(Settings settings, KubernetesApi kubernetes) {}

    /**
     * What came of reading it.
     *
     * @param ready null where nothing can be tried; where there are faults, it has the pools without any
     */
    record Attempt(@Nullable Ready ready, List<Fault> faults) {}

    Ready read(SettingsReader.Purpose purpose) throws ConfigurationException {
        Attempt attempt = attempt(purpose);
        if (attempt.ready() == null || !attempt.faults().isEmpty()) {
            throw new ConfigurationException(attempt.faults());
        }
        return attempt.ready();
    }

    Attempt attempt(SettingsReader.Purpose purpose) {
        SettingsReading settings =
                SettingsReader.read(names(), this::value, new Proxies(System.getenv()), purpose, LOG::warn);
        List<Fault> faults = new ArrayList<>(settings.faults());
        KubernetesApi kubernetes = null;
        try {
            kubernetes = new KubernetesApi(KubernetesClient.connect(
                    value("KUBECONFIG"),
                    System.getenv(),
                    KubernetesClient.SERVICE_ACCOUNT,
                    version.userAgent(),
                    InstantSource.system(),
                    LOG::warn));
        } catch (IllegalArgumentException e) {
            faults.add(FaultException.fault(e));
        }
        Settings usable = settings.usable();
        return new Attempt(usable == null || kubernetes == null ? null : new Ready(usable, kubernetes), faults);
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>();
        for (ConfigSource source : config.getConfigSources()) {
            // Of variables those that are set; the source also names the properties that each might stand for.
            boolean variables = source instanceof EnvConfigSource;
            source.getPropertyNames().stream()
                    .filter(name -> !variables || System.getenv().containsKey(name))
                    .forEach(names::add);
        }
        return names;
    }

    private @Nullable String value(String name) {
        ConfigValue value = config.getConfigValue(name);
        if (value.getValue() == null && value.getRawValue() != null) {
            // Never as if it were not given: a default could remove what was to be protected.
            throw new IllegalArgumentException("it refers by ${…} to something that is not set");
        }
        return value.getValue();
    }
}
