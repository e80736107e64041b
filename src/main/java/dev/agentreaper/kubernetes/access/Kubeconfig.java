package dev.agentreaper.kubernetes.access;

import dev.agentreaper.health.Fault;
import dev.agentreaper.health.FaultException;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.network.ProxyServer;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What the files of KUBECONFIG say of clusters and users, put together as {@code kubectl} does. It is read once: with
 * another current context, pods of another cluster would seem to be gone. What we do not do is refused and never passed
 * over.
 *
 * @see <a href="https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/">kubeconfig (v1)</a>
 */
final class Kubeconfig {
    static final Fault.Remedy EXAMPLE = new Fault.Remedy.Example("KUBECONFIG=/home/me/.kube/config");

    private final Map<String, KubeconfigEntry> clusters = new LinkedHashMap<>();
    private final Map<String, KubeconfigEntry> contexts = new LinkedHashMap<>();
    private final Map<String, KubeconfigEntry> users = new LinkedHashMap<>();
    private @Nullable String currentContext;

    private Kubeconfig() {}

    /**
     * The cluster and the user of the current context.
     *
     * @param paths one, or several as in a search path; of these only one has to be there
     * @param environment for exec plug-ins and proxies
     * @param warn is told of what is odd but no fault
     * @throws IllegalArgumentException with what is wrong, for the operator
     */
    static ClusterAccess read(String paths, Map<String, String> environment, Consumer<String> warn) {
        List<Path> files = Arrays.stream(paths.split(File.pathSeparator))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .filter(Files::exists)
                .toList();
        if (files.isEmpty()) {
            throw new FaultException("there is no such file", EXAMPLE);
        }
        Kubeconfig config = new Kubeconfig();
        for (Path file : files) {
            config.add(file, files.size() == 1 ? "it" : file.toString());
        }
        return config.access(environment, warn);
    }

    /** Adds what the files before it do not have. */
    private void add(Path file, String called) {
        Map<?, ?> fields = load(file, called);
        Path directory = file.toAbsolutePath().getParent();
        KubeconfigEntry whole =
                new KubeconfigEntry(called, fields, directory == null ? file.toAbsolutePath() : directory);
        if (currentContext == null) {
            currentContext = whole.text("current-context");
        }
        add(whole, "cluster", clusters);
        add(whole, "context", contexts);
        add(whole, "user", users);
    }

    private static void add(KubeconfigEntry file, String kind, Map<String, KubeconfigEntry> entries) {
        for (Object element : file.list(kind + "s")) {
            if (!(element instanceof Map<?, ?> named) || !(named.get("name") instanceof String name)) {
                throw new IllegalArgumentException("an element of %ss of %s has no name".formatted(kind, file.name()));
            }
            Object fields = named.get(kind);
            entries.putIfAbsent(
                    name,
                    new KubeconfigEntry(
                            "its %s «%s»".formatted(kind, name),
                            fields instanceof Map<?, ?> map ? map : Map.of(),
                            file.directory()));
        }
    }

    private static Map<?, ?> load(Path file, String called) {
        if (Files.isDirectory(file)) {
            throw new FaultException(called + " is a directory", EXAMPLE);
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            LoaderOptions options = new LoaderOptions();
            // No tool writes them here, and few of them make a small file large beyond measure.
            options.setMaxAliasesForCollections(0);
            Object content = new Yaml(new SafeConstructor(options)).load(reader);
            if (content == null) {
                throw new FaultException(called + " is empty", EXAMPLE);
            }
            if (content instanceof Map<?, ?> fields) {
                return fields;
            }
            throw new FaultException(called + " is no kubeconfig: it has no keys", EXAMPLE);
        } catch (IOException | YAMLException e) {
            // Of what stands there only the line is told: it may be a token.
            String why = e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
                    ? "is no YAML at line %d".formatted(marked.getProblemMark().getLine() + 1)
                    : e instanceof YAMLException ? "is no YAML" : "can't be read (%s)".formatted(e.getMessage());
            throw new FaultException(new Fault(called + " " + why, EXAMPLE), e);
        }
    }

    private ClusterAccess access(Map<String, String> environment, Consumer<String> warn) {
        String choose = "; choose one: kubectl config use-context NAME (it has %s)"
                .formatted(contexts.isEmpty() ? "none" : String.join(", ", contexts.keySet()));
        if (currentContext == null) {
            throw new IllegalArgumentException("it has no current-context" + choose);
        }
        KubeconfigEntry context = contexts.get(currentContext);
        if (context == null) {
            throw new IllegalArgumentException(
                    "its current-context «%s» is none of its contexts%s".formatted(currentContext, choose));
        }
        KubeconfigEntry cluster = named(context, "cluster", clusters);
        KubeconfigEntry user = named(context, "user", users);
        URI server = server(cluster);
        boolean verified = !cluster.flag("insecure-skip-tls-verify");
        if (!verified) {
            warn.accept("KUBECONFIG: insecure-skip-tls-verify of %s: whoever answers at %s is taken for the API server."
                    .formatted(cluster.name(), server));
        }
        if (server.getScheme().equals("http") && !Proxies.isLocal(server.getHost())) {
            warn.accept("KUBECONFIG: server of %s: our token goes unencrypted to %s; use https."
                    .formatted(cluster.name(), server));
        }
        return new ClusterAccess(
                server,
                cluster.dataOrFile("certificate-authority"),
                verified,
                cluster.text("tls-server-name"),
                proxy(cluster, server, environment),
                new KubeconfigUser(user).signIn(cluster, environment));
    }

    private static KubeconfigEntry named(KubeconfigEntry context, String kind, Map<String, KubeconfigEntry> entries) {
        String name = context.text(kind);
        if (name == null) {
            throw new IllegalArgumentException(
                    "%s names no %s; give it one: kubectl config set-context --current --%s=NAME"
                            .formatted(context.name(), kind, kind));
        }
        KubeconfigEntry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("%s names the %s «%s», which is none of its %ss (%s)"
                    .formatted(
                            context.name(),
                            kind,
                            name,
                            kind,
                            entries.isEmpty() ? "it has none" : String.join(", ", entries.keySet())));
        }
        return entry;
    }

    private static URI server(KubeconfigEntry cluster) {
        String text = cluster.text("server");
        try {
            URI server = new URI(text == null ? "" : text.replaceAll("/+$", ""));
            if (server.getRawUserInfo() != null) {
                throw new IllegalArgumentException(
                        "server of %s has a user in it, who belongs into a user of the file".formatted(cluster.name()));
            }
            if (server.getHost() != null && Set.of("https", "http").contains(server.getScheme())) {
                return server;
            }
        } catch (URISyntaxException e) {
            // The same fault.
        }
        throw new IllegalArgumentException(
                text == null
                        ? "%s has no server, such as https://10.0.0.1:6443".formatted(cluster.name())
                        : "server «%s» of %s is not an address such as https://10.0.0.1:6443"
                                .formatted(text, cluster.name()));
    }

    private static @Nullable ProxyServer proxy(KubeconfigEntry cluster, URI server, Map<String, String> environment) {
        String url = cluster.text("proxy-url");
        if (url == null) {
            return new Proxies(environment).to(server);
        }
        try {
            return ProxyServer.parse(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("proxy-url of %s: %s".formatted(cluster.name(), e.getMessage()), e);
        }
    }
}
