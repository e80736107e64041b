package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on the way to the API server.
 *
 * @param url {@code http} or {@code socks5}, a host and a port; perhaps a user and a password
 */
record ProxyServer(URI url) {
    private static final String USE = "; use an http:// or a socks5:// proxy";

    /** @throws IllegalArgumentException with what is wrong, for the operator */
    static ProxyServer parse(String text) {
        URI url;
        try {
            url = new URI(text.contains("://") ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("it is not the URL of a proxy" + USE, e);
        }
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        if (url.getHost() == null) {
            throw new IllegalArgumentException("it is not the URL of a proxy" + USE);
        }
        if (!scheme.equals("http") && !isSocks(scheme)) {
            throw new IllegalArgumentException(
                    "a proxy that speaks %s itself is not supported%s".formatted(scheme, USE));
        }
        if (isSocks(scheme) && url.getUserInfo() != null) {
            throw new IllegalArgumentException("signing in to a SOCKS proxy is not supported" + USE);
        }
        return new ProxyServer(url);
    }

    /**
     * That which the variables name for a server, as {@code kubectl} understands them; null where it is reached directly.
     *
     * @throws IllegalArgumentException with what is wrong, for the operator
     * @see <a href="https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config">httpproxy.Config</a>
     */
    static @Nullable ProxyServer of(URI server, Map<String, String> environment) {
        String variable = server.getScheme().toUpperCase(Locale.ROOT) + "_PROXY";
        String proxy = variable(variable, environment);
        if (proxy.isEmpty() || isLocal(server.getHost()) || isExcepted(server, variable("NO_PROXY", environment))) {
            return null;
        }
        try {
            return parse(proxy);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
    }

    void applyTo(OkHttpClient.Builder client) {
        boolean socks = isSocks(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : socks ? 1080 : 80;
        client.proxy(new Proxy(
                socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved(unbracketed(url.getHost()), port)));
        String userInfo = url.getUserInfo();
        if (userInfo != null) {
            String[] userAndPassword = userInfo.split(":", 2);
            String credentials =
                    Credentials.basic(userAndPassword[0], userAndPassword.length > 1 ? userAndPassword[1] : "", UTF_8);
            // Null ends the attempts: the proxy has seen them and wants others.
            client.proxyAuthenticator(
                    (route, response) -> credentials.equals(response.request().header("Proxy-Authorization"))
                            ? null
                            : response.request()
                                    .newBuilder()
                                    .header("Proxy-Authorization", credentials)
                                    .build());
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "%s://%s%s".formatted(url.getScheme(), url.getHost(), url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private static boolean isSocks(String scheme) {
        return scheme.equalsIgnoreCase("socks5") || scheme.equalsIgnoreCase("socks5h");
    }

    private static String variable(String name, Map<String, String> environment) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty()
                ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip()
                : value;
    }

    private static boolean isLocal(String host) {
        InetAddress address = literal(host);
        return host.equalsIgnoreCase("localhost") || (address != null && address.isLoopbackAddress());
    }

    private static boolean isExcepted(URI server, String exceptions) {
        return Arrays.stream(exceptions.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .filter(exception -> !exception.isEmpty())
                .anyMatch(exception -> isExcepted(server, server.getHost().toLowerCase(Locale.ROOT), exception));
    }

    private static boolean isExcepted(URI server, String host, String exception) {
        int slash = exception.indexOf('/');
        InetAddress address = literal(host);
        if (exception.equals("*")) {
            return true;
        }
        if (slash > 0) {
            InetAddress network = literal(exception.substring(0, slash));
            String bits = exception.substring(slash + 1);
            return address != null && network != null && bits.matches("\\d{1,3}") && isIn(address, network, bits);
        }
        InetAddress excepted = literal(exception);
        if (excepted != null) {
            return excepted.equals(address);
        }
        int colon = exception.lastIndexOf(':');
        if (colon > 0) {
            int port = server.getPort() >= 0
                    ? server.getPort()
                    : server.getScheme().equals("https") ? 443 : 80;
            return exception.substring(colon + 1).equals(Integer.toString(port))
                    && isExcepted(server, host, exception.substring(0, colon));
        }
        String domain = exception.startsWith("*.") ? exception.substring(1) : exception;
        return domain.startsWith(".") ? host.endsWith(domain) : host.equals(domain) || host.endsWith("." + domain);
    }

    private static boolean isIn(InetAddress address, InetAddress network, String bits) {
        byte[] a = address.getAddress();
        byte[] n = network.getAddress();
        if (a.length != n.length) {
            return false;
        }
        for (int bit = 0; bit < Math.min(Integer.parseInt(bits), 8 * a.length); bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((a[bit / 8] & mask) != (n[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(unbracketed(host));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
