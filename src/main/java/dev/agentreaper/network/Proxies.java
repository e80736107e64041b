package dev.agentreaper.network;

import dev.agentreaper.health.Fault;
import dev.agentreaper.health.FaultException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that the variables {@code HTTPS_PROXY} and {@code HTTP_PROXY} name, and what {@code NO_PROXY} excepts from
 * them, as {@code kubectl} understands them.
 *
 * @see <a href="https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config">httpproxy.Config</a>
 */
public final class Proxies {
    private final Map<String, String> environment;

    /** @param environment all variables, ours and others */
    public Proxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The variable that names the proxy for a server. */
    public static String variable(URI server) {
        return server.getScheme().toUpperCase(Locale.ROOT) + "_PROXY";
    }

    /**
     * The proxy on the way to a server; null where it is reached directly.
     *
     * @throws FaultException if the variable names none
     */
    public @Nullable ProxyServer to(URI server) {
        String variable = variable(server);
        String proxy = value(variable);
        if (proxy.isEmpty() || isLocal(server.getHost()) || isExcepted(server, value("NO_PROXY"))) {
            return null;
        }
        try {
            return ProxyServer.parse(proxy);
        } catch (IllegalArgumentException e) {
            throw new FaultException(
                    new Fault(
                            variable + ": " + e.getMessage(),
                            new Fault.Remedy.Example(variable + "=http://proxy.example.com:3128")),
                    e);
        }
    }

    private String value(String name) {
        String value = environment.getOrDefault(name, "").strip();
        return value.isEmpty()
                ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "").strip()
                : value;
    }

    /** Whether it is this machine itself, to which no proxy leads. */
    public static boolean isLocal(String host) {
        InetAddress address = literal(host);
        return host.equalsIgnoreCase("localhost") || (address != null && address.isLoopbackAddress());
    }

    /** The port that it names, or its scheme's. */
    public static int port(URI server) {
        return server.getPort() >= 0 ? server.getPort() : server.getScheme().equalsIgnoreCase("https") ? 443 : 80;
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
            return exception.substring(colon + 1).equals(Integer.toString(port(server)))
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
            return InetAddress.ofLiteral(ProxyServer.unbracketed(host));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
