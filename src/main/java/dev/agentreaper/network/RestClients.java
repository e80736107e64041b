package dev.agentreaper.network;

import dev.agentreaper.log.Secrets;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** REST clients that wait for nothing for ever, take a token to no other address, and leave every status to their caller. */
public final class RestClients {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);

    private RestClients() {}

    /**
     * @param trusted the certificates by which the server is known; null for the system's
     * @param proxy null for none
     */
    public static QuarkusRestClientBuilder to(
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
            Secrets.holdLogin(login.user(), login.password());
        }
        // Not by the builder, which leaves out who has no password.
        return login == null ? options : options.setUsername(login.user()).setPassword(login.password());
    }

    /** The answer's body, which ends with an error if it is still being read after the deadline, however it drips in. */
    public static InputStream body(Response response, Instant deadline, InstantSource clock) {
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
    public static Duration retryAfter(Response response) {
        String asked = response.getHeaderString(HttpHeaders.RETRY_AFTER);
        return asked != null && asked.strip().matches("\\d{1,9}")
                ? Duration.ofSeconds(Long.parseLong(asked.strip()))
                : Duration.ZERO;
    }
}
