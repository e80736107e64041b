package dev.agentreaper.network;

import com.fasterxml.jackson.core.JsonParseException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.URI;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why there is no usable answer, and what to do about it. */
public final class NoAnswer {
    private static final Pattern STATUS = Pattern.compile("status: (\\d{3}.*)");

    private NoAnswer() {}

    /** How a server is reached, to be said after its address; empty where there is no proxy. */
    public static String by(@Nullable ProxyServer proxy) {
        return proxy == null ? "" : " through the proxy " + proxy;
    }

    /**
     * What to do where there is no usable answer.
     *
     * @param proxy that on the way there; null for none
     * @param otherwise what to do where neither the proxy nor a certificate is what is wrong
     */
    public static String cure(URI server, @Nullable ProxyServer proxy, Exception failure, String otherwise) {
        Throwable cause = cause(failure);
        if (cause instanceof CertPathBuilderException) {
            return ("write the certificate of the authority that has signed what %s shows%s to a file, as PEM (openssl s_client"
                            + " -showcerts -connect %s shows what it shows), and set REAPER_CA_FILE to its path (in the file,"
                            + " reaper.ca-file), as in REAPER_CA_FILE=/etc/ssl/company-ca.pem.")
                    .formatted(
                            server.getHost(),
                            proxy == null ? "" : ", or the proxy in its place,",
                            server.getHost() + ":" + Proxies.port(server));
        }
        if (proxy == null) {
            return otherwise;
        }
        if (cause instanceof ProxyConnectException && !status(cause).isEmpty()) {
            return status(cause).startsWith("407") ? cureOfLogin(server, proxy) : cureOfProxy(server, proxy);
        }
        return cause instanceof NotSslRecordException || cause instanceof JsonParseException
                ? cureOfProxy(server, proxy)
                : "set %1$s to the address of a proxy that can be reached from here, as in %1$s=http://proxy.example.com:3128."
                                .formatted(Proxies.variable(server))
                        + without(server);
    }

    /** What to do where a proxy does not know us. */
    public static String cureOfLogin(URI server, @Nullable ProxyServer proxy) {
        return "set %1$s to the proxy's address with your user and password for it, as in %1$s=http://USER:PASSWORD@%2$s (in a"
                        .formatted(
                                Proxies.variable(server),
                                proxy == null ? "proxy.example.com:3128" : proxy.host() + ":" + proxy.port())
                + " password, @ is written %40).";
    }

    /** What to do where a proxy answers in the place of a server. */
    public static String cureOfProxy(URI server, ProxyServer proxy) {
        return "ask whoever runs the proxy %s to let this machine through to %s:%d."
                        .formatted(proxy, server.getHost(), Proxies.port(server))
                + without(server);
    }

    private static String without(URI server) {
        return " Where it is reached without a proxy, add it to the comma list NO_PROXY, as in NO_PROXY=%s."
                .formatted(server.getHost());
    }

    /** What a proxy has answered; empty where it has not. */
    private static String status(Throwable refused) {
        Matcher status = STATUS.matcher(String.valueOf(refused.getMessage()));
        return status.find() ? status.group(1) : "";
    }

    /** What brought it about in the first place. */
    public static Throwable cause(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Why there is no usable answer, in few words. */
    public static String reason(Exception failure, Duration answerWithin) {
        Throwable cause = cause(failure);
        if (cause instanceof TimeoutException) {
            return "it did not answer within %d s".formatted(answerWithin.toSeconds());
        }
        if (cause instanceof NotSslRecordException) {
            return "what answers there does not speak TLS";
        }
        if (cause instanceof ProxyConnectException && !status(cause).isEmpty()) {
            return "the proxy does not let us through: " + status(cause);
        }
        if (cause instanceof CertPathBuilderException) {
            return "the authority that has signed its certificate is none that we trust";
        }
        if (cause instanceof JsonParseException) {
            return "the answer is not JSON, as a page of something in between is not";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
