package dev.agentreaper.config;

import dev.agentreaper.azure.signin.SignIn;
import dev.agentreaper.config.Values.Given;
import dev.agentreaper.config.Values.Parser;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.health.Fault;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.network.Proxies;
import java.net.URI;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings from variables and, where {@code application.yaml} names pools, from there: then each variable is the
 * default of every pool in the file.
 */
public final class SettingsReader {

    /** What the settings are for: some are required for some commands only. */
    public enum Purpose {
        RUN,
        SWEEP,
        PLAN,
        CHECK
    }

    /** YAML takes an off without quotes for false. */
    private static final Set<String> OFF = Set.of("off", "false");

    private final Set<String> given;
    private final Purpose purpose;
    private final Proxies proxies;
    private final Values values;
    private final Names names;
    /** Whether one of the settings is wrong that all pools share. */
    private boolean isWrongForAll;

    private SettingsReader(
            Set<String> given, Function<String, @Nullable String> source, Proxies proxies, Purpose purpose) {
        this.given = given;
        this.purpose = purpose;
        this.proxies = proxies;
        this.values = new Values(source, proxies);
        this.names = new Names(given);
    }

    /**
     * @param names all names that have a value, ours and others
     * @param source the value of a name; null where there is none
     * @param proxies those that the environment names
     * @param warn is told of what is odd but no fault, where there is no fault
     */
    public static SettingsReading read(
            Set<String> names,
            Function<String, @Nullable String> source,
            Proxies proxies,
            Purpose purpose,
            Consumer<String> warn) {
        SettingsReader reader = new SettingsReader(names, source, proxies, purpose);
        Settings settings = reader.settings();
        List<Fault> faults = reader.values.faults();
        if (faults.isEmpty()) {
            reader.values.warnings().forEach(warn);
        } else if (settings != null
                && (settings.pools().isEmpty() || reader.isWrongForAll || reader.values.isProxyWrong())) {
            settings = null;
        }
        return new SettingsReading(settings, faults);
    }

    private @Nullable Settings settings() {
        UnknownKeys.in(given).forEach(values::fault);
        int unknown = values.faults().size();
        Mode mode = mode();
        Duration shutdownTimeout = parse(Key.SHUTDOWN_TIMEOUT, TimeSpan::parse, Duration.ofSeconds(20));
        KeyStore trusted = parse(Key.CA_FILE, Parsers::certificates, null);
        // Only looked at: it was heeded before the log began.
        parse(Key.LOG_FORMAT, Parsers::logFormat, "text");
        isWrongForAll = values.faults().size() > unknown;
        List<PoolSettings> pools = new ArrayList<>();
        for (String name : names.pools()) {
            int before = values.faults().size();
            PoolSettings pool = pool(name);
            if (pool != null && values.faults().size() == before) {
                pools.add(pool);
            }
        }
        refuseSamePool(pools);
        return mode == null || shutdownTimeout == null
                ? null
                : new Settings(mode, pools, shutdownTimeout, trusted, proxies);
    }

    /** Each entry has pods of its own, and would take the other's agents for those of no pod. */
    private void refuseSamePool(List<PoolSettings> pools) {
        for (PoolSettings pool : pools) {
            for (PoolSettings before : pools.subList(0, pools.indexOf(pool))) {
                String both = "reaper.pools.%s and reaper.pools.%s".formatted(before.name(), pool.name());
                if (!pool.isInSameOrganizationAs(before)) {
                    continue;
                }
                if (pool.isByItsId() != before.isByItsId()) {
                    values.fault(new Fault(
                            both + " may be the same agent pool: one is given by its name, and one by its id",
                            new Fault.Remedy.Action("give both by their names, or both by their ids.")));
                } else if (pool.isSamePoolAs(before)) {
                    values.fault(new Fault(
                            both + " are the same agent pool, and neither would know the other's pods",
                            new Fault.Remedy.Action("make one of them, as with pod-selector: app in (one, other).")));
                }
            }
        }
    }

    /** No default on purpose: whoever lets us delete has said so. */
    private @Nullable Mode mode() {
        Given given = global(Key.MODE);
        Mode mode = values.parse(given, Parsers::mode, null);
        Given inFile = values.first(Key.MODE, Key.MODE.yaml());
        if (given != null && inFile != null && !given.text().equals(inFile.text())) {
            values.fault(new Fault(
                    "%s «%s» would go before %s «%s»"
                            .formatted(given.name(), given.text(), inFile.name(), inFile.text()),
                    new Fault.Remedy.Action("leave one of them out.")));
        }
        if (purpose == Purpose.PLAN) {
            return Mode.DRY_RUN;
        }
        if (given == null && purpose == Purpose.CHECK) {
            values.warn("%s is not set, which run and sweep need: delete or dry-run.".formatted(Key.MODE.variable()));
            return Mode.DRY_RUN;
        }
        if (given == null) {
            values.missing(
                    Key.MODE,
                    Key.MODE.variable(),
                    ": say whether agents are deleted (delete) or only told of (dry-run)");
        }
        return mode;
    }

    private @Nullable PoolSettings pool(String name) {
        PoolValues pool = new PoolValues(name, values, names);
        URI url = pool.required(Key.URL, OrganizationUrl::parse);
        if (url != null && !Parsers.isEncryptedOrLocal(url)) {
            values.warn(
                    "%s: the token goes unencrypted to %s; use https.".formatted(Key.URL.variable(), url.getHost()));
        }
        values.checkProxyTo(url);
        String agentPool = pool.required(Key.POOL, Parsers::pool);
        SignIn signIn = new SignInReader(values, pool).read();
        String apiVersion = pool.parse(Key.API_VERSION, Parsers::apiVersion, "7.1");
        List<String> namespaces = pool.parse(Key.NAMESPACES, Parsers::namespaces, List.of(""));
        String selector = pool.required(Key.POD_SELECTOR, Parsers::selector);
        AgentNameTemplate agentName =
                pool.parse(Key.AGENT_NAME, AgentNameTemplate::parse, AgentNameTemplate.parse("{agent}"));
        Duration retryFor = pool.parse(Key.RETRY_FOR, TimeSpan::parse, Duration.ofMinutes(15));
        Given every = pool.given(Key.SWEEP_EVERY);
        boolean swept = every == null || !OFF.contains(every.text());
        Duration sweepEvery = values.parse(swept ? every : null, Parsers::interval, Duration.ofMinutes(5));
        Policy policy = policy(pool, swept || purpose == Purpose.SWEEP || purpose == Purpose.PLAN);
        if (url == null
                || agentPool == null
                || signIn == null
                || apiVersion == null
                || namespaces == null
                || selector == null
                || agentName == null
                || retryFor == null
                || policy == null) {
            return null;
        }
        return new PoolSettings(
                name,
                url,
                agentPool,
                signIn,
                apiVersion,
                new PodSource(namespaces, selector, agentName),
                policy,
                retryFor,
                swept ? sweepEvery : null);
    }

    private @Nullable Policy policy(PoolValues pool, boolean swept) {
        Globs none = new Globs(List.of());
        Globs protect = pool.parse(Key.PROTECT, Parsers::globs, none);
        Map<String, String> capabilities = pool.parse(Key.CAPABILITIES, Parsers::capabilities, Map.of());
        Globs agents = swept
                ? pool.required(Key.SWEEP_AGENTS, Parsers::globs)
                : pool.parse(Key.SWEEP_AGENTS, Parsers::globs, none);
        Duration offlineFor = pool.parse(Key.SWEEP_OFFLINE_FOR, TimeSpan::parse, Duration.ofMinutes(10));
        Integer maxRemovals = pool.parse(Key.SWEEP_MAX_REMOVALS, Parsers::count, 200);
        return protect == null || capabilities == null || agents == null || offlineFor == null || maxRemovals == null
                ? null
                : new Policy(protect, capabilities, agents, offlineFor, maxRemovals);
    }

    private <T> @Nullable T parse(Key key, Parser<? extends T> parser, @Nullable T orElse) {
        return values.parse(global(key), parser, orElse);
    }

    private @Nullable Given global(Key key) {
        return values.first(key, key.variable(), key.yaml());
    }
}
