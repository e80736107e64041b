package dev.agentreaper.azure;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** REST clients that wait for nothing for ever, take a token to no other address, and leave every status to their caller. */
final class RestClients {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);

    private RestClients() {}

    /** @param trusted the certificates by which the server is known; null for the system's */
    static QuarkusRestClientBuilder to(URI url, @Nullable KeyStore trusted, Duration answerWithin, String userAgent) {
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(url)
                .connectTimeout(CONNECT_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(answerWithin.toMillis(), TimeUnit.MILLISECONDS)
                // Ends also a body that stalls, of which the read timeout knows nothing.
                .httpClientOptionsCustomizer(options -> options.setIdleTimeout((int) answerWithin.toSeconds()))
                .followRedirects(false)
                .disableDefaultMapper(true)
                .userAgent(userAgent);
        return trusted == null ? builder : builder.trustStore(trusted);
    }

    /** Why there is no usable answer, in few words. */
    static String reason(Exception failure, Duration answerWithin) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof TimeoutException) {
            return "it did not answer within %d s".formatted(answerWithin.toSeconds());
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** How long the server wants us to wait; zero where it does not say, or says it oddly. */
    static Duration retryAfter(Response response) {
        String asked = response.getHeaderString(HttpHeaders.RETRY_AFTER);
        return asked != null && asked.strip().matches("\\d{1,9}")
                ? Duration.ofSeconds(Long.parseLong(asked.strip()))
                : Duration.ZERO;
    }
}
