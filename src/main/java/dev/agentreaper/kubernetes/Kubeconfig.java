package dev.agentreaper.kubernetes;

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
    static final String EXAMPLE = "For example: KUBECONFIG=/home/me/.kube/config";

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
            throw new IllegalArgumentException("there is no such file. " + EXAMPLE);
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
            throw new IllegalArgumentException("%s is a directory. %s".formatted(called, EXAMPLE));
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            LoaderOptions options = new LoaderOptions();
            // No tool writes them here, and few of them make a small file large beyond measure.
            options.setMaxAliasesForCollections(0);
            Object content = new Yaml(new SafeConstructor(options)).load(reader);
            if (content == null) {
                throw new IllegalArgumentException("%s is empty. %s".formatted(called, EXAMPLE));
            }
            if (content instanceof Map<?, ?> fields) {
                return fields;
            }
            throw new IllegalArgumentException("%s is no kubeconfig: it has no keys. %s".formatted(called, EXAMPLE));
        } catch (IOException | YAMLException e) {
            // Of what stands there only the line is told: it may be a token.
            String why = e instanceof MarkedYAMLException marked && marked.getProblemMark() != null
                    ? "is no YAML at line %d".formatted(marked.getProblemMark().getLine() + 1)
                    : e instanceof YAMLException ? "is no YAML" : "can't be read (%s)".formatted(e.getMessage());
            throw new IllegalArgumentException("%s %s. %s".formatted(called, why, EXAMPLE), e);
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
        return new ClusterAccess(
                server,
                cluster.dataOrFile("certificate-authority"),
                verified,
                cluster.text("tls-server-name"),
                proxy(cluster, server, environment),
                signIn(user, cluster, environment));
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

    private static SignIn signIn(KubeconfigEntry user, KubeconfigEntry cluster, Map<String, String> environment) {
        KubeconfigEntry provider = user.entry("auth-provider");
        if (provider != null) {
            throw new IllegalArgumentException("%s signs in with the auth-provider %s, which is not supported; %s"
                    .formatted(user.name(), provider.text("name"), insteadOf(String.valueOf(provider.text("name")))));
        }
        for (String field : List.of("as", "as-uid", "as-groups", "as-user-extra")) {
            if (user.fields().get(field) != null) {
                throw new IllegalArgumentException(
                        "%s impersonates another by «%s», which is not supported; name a user who may read pods itself"
                                .formatted(user.name(), field));
            }
        }
        KubeconfigEntry exec = user.entry("exec");
        if (exec != null) {
            return ExecPlugin.of(exec, cluster, environment);
        }
        ClientCertificate certificate = certificate(user);
        Identity.Authorization authorization = authorization(user);
        return () -> new Identity(authorization, certificate, null);
    }

    private static String insteadOf(String provider) {
        return switch (provider) {
            case "gcp" -> "make it anew with gke-gcloud-auth-plugin: gcloud container clusters get-credentials CLUSTER";
            case "azure" -> "make it anew with kubelogin: az aks get-credentials, then kubelogin convert-kubeconfig";
            default -> "use an exec plug-in such as kubectl-oidc_login, or the token of a service account";
        };
    }

    private static @Nullable ClientCertificate certificate(KubeconfigEntry user) {
        Content chain = user.dataOrFile("client-certificate");
        Content key = user.dataOrFile("client-key");
        if ((chain == null) != (key == null)) {
            throw new IllegalArgumentException("%s has a %s without a %s"
                    .formatted(
                            user.name(),
                            chain == null ? "client-key" : "client-certificate",
                            chain == null ? "client-certificate" : "client-key"));
        }
        return chain == null || key == null ? null : new ClientCertificate(chain, key);
    }

    /** The file before the token itself, as {@code kubectl} has it. */
    private static Identity.@Nullable Authorization authorization(KubeconfigEntry user) {
        Content file = user.file("tokenFile");
        if (file != null) {
            return Identity.bearer(file);
        }
        String token = user.text("token");
        if (token != null) {
            return Identity.bearer(new Content.Given("token of " + user.name(), token));
        }
        String name = user.text("username");
        String password = user.text("password");
        return name == null || password == null ? null : Identity.basic(name, password);
    }
}
