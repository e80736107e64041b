package dev.agentreaper.network;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A proxy.
 *
 * @param url {@code http} or {@code socks5}, a host and perhaps a port; perhaps a user and a password
 */
public record ProxyServer(URI url) {
    private static final String USE = "; use an http:// or a socks5:// proxy";
    private static final int HIGHEST_PORT = 65535;

    /** With what a user signs in to a proxy. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "a password of " + user;
        }
    }

    /** @throws IllegalArgumentException with what is wrong, for the operator */
    public static ProxyServer parse(String text) {
        URI url;
        try {
            url = new URI(text.contains("://") ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw notAUrl(e);
        }
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > HIGHEST_PORT) {
            throw notAUrl(null);
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

    private static IllegalArgumentException notAUrl(@Nullable URISyntaxException cause) {
        return new IllegalArgumentException(
                "it is not the URL of a proxy (in a password, @ is written as %40 and so on)" + USE, cause);
    }

    /** Whether it speaks SOCKS5, and not HTTP. */
    public boolean isSocks() {
        return isSocks(url.getScheme());
    }

    /** Its name, or its address without brackets. */
    public String host() {
        return unbracketed(url.getHost());
    }

    public int port() {
        return url.getPort() >= 0 ? url.getPort() : isSocks() ? 1080 : 80;
    }

    /** Null where it lets anybody through. */
    public @Nullable Login login() {
        String userInfo = url.getUserInfo();
        if (userInfo == null) {
            return null;
        }
        String[] userAndPassword = userInfo.split(":", 2);
        return new Login(userAndPassword[0], userAndPassword.length > 1 ? userAndPassword[1] : "");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "%s://%s%s".formatted(url.getScheme(), url.getHost(), url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private static boolean isSocks(String scheme) {
        return scheme.equalsIgnoreCase("socks5") || scheme.equalsIgnoreCase("socks5h");
    }

    static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
