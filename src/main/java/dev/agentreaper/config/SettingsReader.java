package dev.agentreaper.config;

import static java.util.stream.Collectors.toCollection;

import dev.agentreaper.azure.Credential;
import dev.agentreaper.azure.PersonalAccessToken;
import dev.agentreaper.config.Values.Given;
import dev.agentreaper.config.Values.Parser;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import dev.agentreaper.kubernetes.PodSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        PLAN
    }

    /** YAML takes an off without quotes for false. */
    private static final Set<String> OFF = Set.of("off", "false");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d+){3}|\\[::1]");
    private static final String POOLS = "reaper.pools.";
    private static final Pattern POOL_KEY = Pattern.compile("reaper\\.pools\\.(\"[^\"]+\"|[^.]+)\\.(.+)");

    private final Set<String> names;
    private final Purpose purpose;
    private final Values values;

    private SettingsReader(Set<String> names, Function<String, @Nullable String> source, Purpose purpose) {
        this.names = names;
        this.purpose = purpose;
        this.values = new Values(source);
    }

    /**
     * @param names all names that have a value, ours and others
     * @param source the value of a name; null where there is none
     * @param warn is told of what is odd but no fault
     * @throws ConfigurationException with all faults
     */
    public static Settings read(
            Set<String> names, Function<String, @Nullable String> source, Purpose purpose, Consumer<String> warn)
            throws ConfigurationException {
        SettingsReader reader = new SettingsReader(names, source, purpose);
        Settings settings = reader.settings();
        if (settings == null || !reader.values.faults().isEmpty()) {
            throw new ConfigurationException(reader.values.faults());
        }
        reader.values.warnings().forEach(warn);
        return settings;
    }

    private @Nullable Settings settings() {
        UnknownKeys.in(names).forEach(values::fault);
        Mode mode = mode();
        Duration shutdownTimeout = parse(Key.SHUTDOWN_TIMEOUT, Parsers::duration, Duration.ofSeconds(20));
        KeyStore trusted = parse(Key.CA_FILE, Parsers::certificates, null);
        parse(Key.LOG_FORMAT, Parsers::logFormat, "text");
        List<PoolSettings> pools = new ArrayList<>();
        for (String name : poolNames()) {
            PoolSettings pool = pool(name);
            if (pool != null) {
                pools.add(pool);
            }
        }
        return mode == null || shutdownTimeout == null ? null : new Settings(mode, pools, shutdownTimeout, trusted);
    }

    /** No default on purpose: whoever lets us delete has said so. */
    private @Nullable Mode mode() {
        Given given = global(Key.MODE);
        Mode mode = values.parse(given, Parsers::mode, null);
        if (purpose == Purpose.PLAN) {
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
        URI url = required(name, Key.URL, Parsers::url);
        if (url != null && !isEncryptedOrLocal(url)) {
            values.warn(
                    "%s: the token goes unencrypted to %s; use https.".formatted(Key.URL.variable(), url.getHost()));
        }
        String pool = required(name, Key.POOL, Parsers::pool);
        Credential credential = credential(name);
        String apiVersion = parse(name, Key.API_VERSION, Parsers::apiVersion, "7.1");
        List<String> namespaces = parse(name, Key.NAMESPACES, Parsers::namespaces, List.of(""));
        String selector = required(name, Key.POD_SELECTOR, Parsers::selector);
        AgentNameTemplate agentName =
                parse(name, Key.AGENT_NAME, AgentNameTemplate::parse, AgentNameTemplate.parse("{agent}"));
        Duration retryFor = parse(name, Key.RETRY_FOR, Parsers::duration, Duration.ofMinutes(15));
        Given every = given(name, Key.SWEEP_EVERY);
        boolean swept = every == null || !OFF.contains(every.text());
        Duration sweepEvery = values.parse(swept ? every : null, Parsers::interval, Duration.ofMinutes(5));
        Policy policy = policy(name, swept || purpose != Purpose.RUN);
        if (url == null
                || pool == null
                || credential == null
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
                pool,
                credential,
                apiVersion,
                new PodSource(namespaces, selector, agentName),
                policy,
                retryFor,
                swept ? sweepEvery : null);
    }

    private @Nullable Policy policy(String name, boolean swept) {
        Globs none = new Globs(List.of());
        Globs protect = parse(name, Key.PROTECT, Parsers::globs, none);
        Map<String, String> capabilities = parse(name, Key.CAPABILITIES, Parsers::capabilities, Map.of());
        Globs agents = swept
                ? required(name, Key.SWEEP_AGENTS, Parsers::globs)
                : parse(name, Key.SWEEP_AGENTS, Parsers::globs, none);
        Duration offlineFor = parse(name, Key.SWEEP_OFFLINE_FOR, Parsers::duration, Duration.ofMinutes(10));
        Integer maxRemovals = parse(name, Key.SWEEP_MAX_REMOVALS, Parsers::count, 200);
        return protect == null || capabilities == null || agents == null || offlineFor == null || maxRemovals == null
                ? null
                : new Policy(protect, capabilities, agents, offlineFor, maxRemovals);
    }

    /** The pool's own before an inherited one, a file before a value. */
    private @Nullable Credential credential(String name) {
        Given file = values.first(Key.TOKEN_FILE, ofPool(name, Key.TOKEN_FILE));
        Given token = values.first(Key.TOKEN, ofPool(name, Key.TOKEN));
        if (file == null && token == null) {
            file = global(Key.TOKEN_FILE);
            token = global(Key.TOKEN);
        }
        if (file != null) {
            Path path = values.parse(file, Parsers::tokenFile, null);
            if (path == null) {
                return null;
            }
            warnOfWhiteSpace(file.name(), path);
            return new PersonalAccessToken.InFile(path);
        }
        if (token == null) {
            values.missing(
                    Key.TOKEN_FILE,
                    named(name, Key.TOKEN_FILE),
                    ", and so is %s%s"
                            .formatted(
                                    named(name, Key.TOKEN),
                                    values.isEmpty(Key.TOKEN.variable())
                                            ? ": it is set, but empty; see the Secret that it comes from"
                                            : ""));
        }
        String given = values.parse(token, Parsers::token, null);
        return given == null ? null : new PersonalAccessToken.Given(given);
    }

    /** What is wrong with the file is told when it is used: it may be there later, and another. */
    private void warnOfWhiteSpace(String name, Path file) {
        try {
            String text = Files.readString(file);
            if (!text.isBlank() && !text.equals(text.strip())) {
                values.warn(name + ": the white space around the token in its file is dropped.");
            }
        } catch (IOException e) {
            // As said.
        }
    }

    private Set<String> poolNames() {
        Set<String> pools = names.stream()
                .map(POOL_KEY::matcher)
                .filter(Matcher::matches)
                .map(matcher -> unquoted(matcher.group(1)))
                .collect(toCollection(TreeSet::new));
        return pools.isEmpty() ? Set.of("default") : pools;
    }

    private boolean isInFile(String pool) {
        return names.stream()
                .map(POOL_KEY::matcher)
                .anyMatch(matcher ->
                        matcher.matches() && unquoted(matcher.group(1)).equals(pool));
    }

    private <T> @Nullable T required(String pool, Key key, Parser<T> parser) {
        Given given = given(pool, key);
        if (given == null) {
            values.missing(key, named(pool, key), "");
        }
        return values.parse(given, parser, null);
    }

    private <T> @Nullable T parse(String pool, Key key, Parser<? extends T> parser, T orElse) {
        return values.parse(given(pool, key), parser, orElse);
    }

    private <T> @Nullable T parse(Key key, Parser<? extends T> parser, @Nullable T orElse) {
        return values.parse(global(key), parser, orElse);
    }

    private @Nullable Given given(String pool, Key key) {
        return values.first(key, ofPool(pool, key), key.variable());
    }

    private @Nullable Given global(Key key) {
        return key.isOfPools() ? values.first(key, key.variable()) : values.first(key, key.variable(), key.yaml());
    }

    /** By what name to ask for a setting: in the file, where the pool is there. */
    private String named(String pool, Key key) {
        return isInFile(pool) ? ofPool(pool, key) : key.variable();
    }

    private String ofPool(String pool, Key key) {
        String segment = pool.contains(".") ? '"' + pool + '"' : pool;
        return POOLS + segment + "." + key.yaml();
    }

    private static String unquoted(String segment) {
        return segment.startsWith("\"") ? segment.substring(1, segment.length() - 1) : segment;
    }

    private static boolean isEncryptedOrLocal(URI url) {
        return "https".equalsIgnoreCase(url.getScheme())
                || LOOPBACK.matcher(url.getHost()).matches();
    }
}
