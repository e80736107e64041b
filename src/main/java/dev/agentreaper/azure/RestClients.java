package dev.agentreaper.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParseException;
import dev.agentreaper.health.Secrets;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.network.ProxyServer;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** REST clients that wait for nothing for ever, take a token to no other address, and leave every status to their caller. */
final class RestClients {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);

    private static final Pattern STATUS = Pattern.compile("status: (\\d{3}.*)");

    private RestClients() {}

    /**
     * @param trusted the certificates by which the server is known; null for the system's
     * @param proxy null for none
     */
    static QuarkusRestClientBuilder to(
            URI url, @Nullable KeyStore trusted, @Nullable ProxyServer proxy, Duration answerWithin, String userAgent) {
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(url)
                .connectTimeout(CONNECT_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(answerWithin.toMillis(), TimeUnit.MILLISECONDS)
                .httpClientOptionsCustomizer(options -> {
                    // Ends also a body that stalls, of which the read timeout knows nothing.
                    options.setIdleTimeout((int) answerWithin.toSeconds());
                    if (proxy != null) {
                        options.setProxyOptions(options(proxy));
                    }
                })
                .followRedirects(false)
                .disableDefaultMapper(true)
                .userAgent(userAgent);
        return trusted == null ? builder : builder.trustStore(trusted);
    }

    private static ProxyOptions options(ProxyServer proxy) {
        ProxyOptions options = new ProxyOptions()
                .setType(proxy.isSocks() ? ProxyType.SOCKS5 : ProxyType.HTTP)
                .setHost(proxy.host())
                .setPort(proxy.port())
                .setConnectTimeout(CONNECT_WITHIN);
        ProxyServer.Login login = proxy.login();
        if (login != null) {
            Secrets.hold(login.password());
            Secrets.hold(Base64.getEncoder().encodeToString((login.user() + ":" + login.password()).getBytes(UTF_8)));
        }
        // Not by the builder, which leaves out who has no password.
        return login == null ? options : options.setUsername(login.user()).setPassword(login.password());
    }

    /** How a server is reached, to be said after its address; empty where there is no proxy. */
    static String by(@Nullable ProxyServer proxy) {
        return proxy == null ? "" : " through the proxy " + proxy;
    }

    /**
     * What to do where there is no usable answer.
     *
     * @param proxy that on the way there; null for none
     * @param otherwise what to do where neither the proxy nor a certificate is what is wrong
     */
    static String cure(URI server, @Nullable ProxyServer proxy, Exception failure, String otherwise) {
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
    static String cureOfLogin(URI server, @Nullable ProxyServer proxy) {
        return "set %1$s to the proxy's address with your user and password for it, as in %1$s=http://USER:PASSWORD@%2$s (in a"
                        .formatted(
                                Proxies.variable(server),
                                proxy == null ? "proxy.example.com:3128" : proxy.host() + ":" + proxy.port())
                + " password, @ is written %40).";
    }

    /** What to do where a proxy answers in the place of a server. */
    static String cureOfProxy(URI server, ProxyServer proxy) {
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

    private static Throwable cause(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Why there is no usable answer, in few words. */
    static String reason(Exception failure, Duration answerWithin) {
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

    /** The answer's body, which ends with an error if it is still being read after the deadline, however it drips in. */
    static InputStream body(Response response, Instant deadline, InstantSource clock) {
        InputStream body =
                response.hasEntity() ? response.readEntity(InputStream.class) : InputStream.nullInputStream();
        return new FilterInputStream(body) {
            @Override
            public int read() throws IOException {
                refuseAfterDeadline();
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                refuseAfterDeadline();
                return super.read(bytes, from, length);
            }

            private void refuseAfterDeadline() throws IOException {
                if (clock.instant().isAfter(deadline)) {
                    throw new IOException("its answer did not come to an end in time");
                }
            }
        };
    }

    /** How long the server wants us to wait; zero where it does not say, or says it oddly. */
    static Duration retryAfter(Response response) {
        String asked = response.getHeaderString(HttpHeaders.RETRY_AFTER);
        return asked != null && asked.strip().matches("\\d{1,9}")
                ? Duration.ofSeconds(Long.parseLong(asked.strip()))
                : Duration.ZERO;
    }
}
