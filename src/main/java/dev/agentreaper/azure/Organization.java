package dev.agentreaper.azure;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.azure.signin.Credential;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.network.ProxyServer;
import dev.agentreaper.network.RestClients;
import io.micrometer.core.instrument.Timer;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.KeyStore;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** An Azure DevOps organization, or a collection of a server, as one identity may use it. Thread-safe. */
public final class Organization {
    // Azure DevOps delays the answers of a throttled identity by up to 30 seconds.
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
    // Idle time alone would not end a body of which a byte comes now and then.
    private static final Duration COMPLETE_WITHIN = Duration.ofMinutes(2);

    /** A call, made with this value of the {@code Authorization} header. */
    interface Call {
        Response make(AgentPoolsApi api, String authorization);
    }

    /** What is read from an answer's body. */
    interface Body<T> {
        T read(InputStream body) throws IOException;
    }

    /**
     * An answer.
     *
     * @param date Azure DevOps' clock when it answered; null where it did not say
     */
    record Answer<T>(T value, @Nullable Instant date) {}

    private final URI url;
    private final Credential credential;
    private final AzureDevOpsProblems problems;
    private final AgentPoolsApi api;
    private final InstantSource clock;
    private final Pace pace;
    private final CallMetrics metrics;

    public Organization(
            URI url,
            Credential credential,
            String apiVersion,
            @Nullable KeyStore trusted,
            Proxies proxies,
            String userAgent,
            InstantSource clock,
            CallMetrics metrics) {
        ProxyServer proxy = proxies.to(url);
        this.url = url;
        this.credential = credential;
        this.problems = new AzureDevOpsProblems(url, proxy, apiVersion, credential);
        this.clock = clock;
        this.pace = new Pace(clock);
        this.metrics = metrics;
        this.api = RestClients.to(url, trusted, proxy, ANSWER_WITHIN, userAgent)
                .register(new OfAllRequests(apiVersion))
                .build(AgentPoolsApi.class);
    }

    /**
     * Waits until Azure DevOps takes another call and we have what it takes to sign in.
     *
     * @throws AzureDevOpsException if we can't sign in
     */
    void awaitTurn() throws AzureDevOpsException, InterruptedException {
        metrics.waited(pace.await());
        try {
            credential.prepare();
        } catch (ProblemException e) {
            throw problems.cannotSignIn(e);
        }
    }

    /** Whether a call would have to wait now. */
    boolean mustWait() {
        return pace.isHeld() || !credential.isReady();
    }

    /**
     * Makes one call, not before Azure DevOps wants it; once more if the sign-in turns out to have ended.
     *
     * @param operation its name in the metrics
     * @throws AzureDevOpsException unless the answer is a success whose body could be read
     */
    <T> Answer<T> call(String operation, Call call, Body<T> body) throws AzureDevOpsException, InterruptedException {
        awaitTurn();
        try {
            return callNow(operation, call, body);
        } catch (AzureDevOpsException e) {
            if (e.kind() != Kind.SIGNED_OUT) {
                throw e;
            }
        }
        awaitTurn();
        return callNow(operation, call, body);
    }

    /** The same at once and only once, for a call that must not come later than what was checked before it. */
    <T> Answer<T> callNow(String operation, Call call, Body<T> body) throws AzureDevOpsException {
        String authorization = authorization();
        Instant deadline = clock.instant().plus(COMPLETE_WITHIN);
        Timer.Sample timer = metrics.begun();
        String status = "none";
        try (Response response = call.make(api, authorization)) {
            status = Integer.toString(response.getStatus());
            Instant date = date(response);
            heed(response, date == null ? clock.instant() : date);
            InputStream stream = RestClients.body(response, deadline, clock);
            if (response.getStatus() == 401 && credential.refused(authorization)) {
                throw problems.signedOut();
            }
            if (response.getStatus() != 200 && response.getStatus() != 204) {
                throw problems.failure(response, ErrorBody.read(stream));
            }
            return new Answer<>(body.read(stream), date);
        } catch (AzureDevOpsException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw problems.noAnswer(e, ANSWER_WITHIN);
        } finally {
            metrics.ended(timer, operation, status);
        }
    }

    /** What it says of how soon it may be asked again. */
    private void heed(Response response, Instant now) {
        RateLimit limit = RateLimit.of(response);
        if (limit != null) {
            metrics.told(url, limit);
        }
        Duration asked = RestClients.retryAfter(response);
        pace.hold(asked.isZero() && limit != null ? limit.pause(now) : asked);
    }

    private String authorization() throws AzureDevOpsException {
        try {
            return credential.authorization();
        } catch (ProblemException e) {
            throw problems.cannotSignIn(e);
        }
    }

    @Override
    public String toString() {
        return url.toString();
    }

    private static @Nullable Instant date(Response response) {
        String date = response.getHeaderString(HttpHeaders.DATE);
        try {
            // Response.getDate makes two calendars for it.
            return date == null ? null : RFC_1123_DATE_TIME.parse(date, Instant::from);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Adds to each request what Azure DevOps wants of all of them. */
    private record OfAllRequests(String apiVersion) implements ClientRequestFilter {
        @Override
        public void filter(ClientRequestContext request) {
            request.getHeaders().putSingle(HttpHeaders.ACCEPT, "application/json");
            // Asks for a 401 where a browser would be sent to a sign-in page.
            request.getHeaders().putSingle("X-TFS-FedAuthRedirect", "Suppress");
            URI uri = request.getUri();
            request.setUri(URI.create(uri + (uri.getRawQuery() == null ? "?" : "&") + "api-version=" + apiVersion));
        }
    }
}
