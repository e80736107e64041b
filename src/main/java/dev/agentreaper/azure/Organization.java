package dev.agentreaper.azure;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.health.Printable;
import dev.agentreaper.health.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An Azure DevOps organization, or a collection of a server, as one identity may use it. Thread-safe. */
public final class Organization {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(10);
    // Azure DevOps delays the answers of a throttled identity by up to 30 seconds.
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(60);
    private static final Pattern LATEST_VERSION = Pattern.compile("latest REST API version .* is (\\d+\\.\\d+)");

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
    private final String apiVersion;
    private final AgentPoolsApi api;
    private final Pace pace;
    private final MeterRegistry meters;
    private final Counter throttled;

    public Organization(
            URI url,
            Credential credential,
            String apiVersion,
            @Nullable KeyStore trusted,
            String userAgent,
            InstantSource clock,
            MeterRegistry meters) {
        this.url = url;
        this.apiVersion = apiVersion;
        this.pace = new Pace(clock);
        this.meters = meters;
        this.throttled = meters.counter("agent_reaper_azure_devops_throttled_seconds");
        QuarkusRestClientBuilder builder = QuarkusRestClientBuilder.newBuilder()
                .baseUri(url)
                .connectTimeout(CONNECT_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                // Ends also a body that stalls, of which the read timeout knows nothing.
                .httpClientOptionsCustomizer(options -> options.setIdleTimeout((int) ANSWER_WITHIN.toSeconds()))
                .followRedirects(false)
                .disableDefaultMapper(true)
                .userAgent(userAgent)
                .register(new SignIn(credential, apiVersion));
        this.api = (trusted == null ? builder : builder.trustStore(trusted)).build(AgentPoolsApi.class);
    }

    /** Waits until Azure DevOps takes another call. */
    void awaitTurn() throws InterruptedException {
        throttled.increment(pace.await().toMillis() / 1000.0);
    }

    /** Whether a call would have to wait now. */
    boolean mustWait() {
        return pace.isHeld();
    }

    /**
     * Makes one call, not before Azure DevOps wants it.
     *
     * @param operation its name in the metrics
     * @throws AzureDevOpsException unless the answer is a success whose body could be read
     */
    <T> Answer<T> call(String operation, Function<AgentPoolsApi, Response> call, Body<T> body)
            throws AzureDevOpsException, InterruptedException {
        awaitTurn();
        return callNow(operation, call, body);
    }

    /** The same at once, for a call that must not come later than what was checked before it. */
    <T> Answer<T> callNow(String operation, Function<AgentPoolsApi, Response> call, Body<T> body)
            throws AzureDevOpsException {
        Timer.Sample timer = Timer.start(meters);
        String status = "none";
        try (Response response = call.apply(api)) {
            status = Integer.toString(response.getStatus());
            retryAfter(response);
            InputStream stream =
                    response.hasEntity() ? response.readEntity(InputStream.class) : InputStream.nullInputStream();
            if (response.getStatus() != 200 && response.getStatus() != 204) {
                throw failure(response, ErrorBody.read(stream));
            }
            return new Answer<>(body.read(stream), date(response));
        } catch (AzureDevOpsException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw noAnswer(e);
        } finally {
            timer.stop(meters.timer("agent_reaper_azure_devops_requests", "operation", operation, "status", status));
        }
    }

    @Override
    public String toString() {
        return url.toString();
    }

    private void retryAfter(Response response) {
        String asked = response.getHeaderString(HttpHeaders.RETRY_AFTER);
        if (asked != null && asked.strip().matches("\\d{1,9}")) {
            pace.hold(Duration.ofSeconds(Long.parseLong(asked.strip())));
        }
    }

    private static @Nullable Instant date(Response response) {
        try {
            Date date = response.getDate();
            return date == null ? null : date.toInstant();
        } catch (RuntimeException e) {
            return null;
        }
    }

    private AzureDevOpsException failure(Response response, ErrorBody error) {
        int status = response.getStatus();
        String activity = response.getHeaderString("ActivityId");
        String what = "HTTP %d from %s%s%s."
                .formatted(
                        status,
                        url,
                        error.message().isEmpty() ? "" : ": " + error.message(),
                        activity == null ? "" : " (ActivityId " + Printable.of(activity) + ")");
        return new AzureDevOpsException(
                kind(status, error.typeKey()), new Problem("HTTP " + status, what, cure(status, error)));
    }

    private static Kind kind(int status, String typeKey) {
        return switch (typeKey) {
            case "TaskAgentJobStillRunningException" -> Kind.BUSY;
            case "TaskAgentNotFoundException", "TaskAgentPoolNotFoundException" -> Kind.NOT_FOUND;
            default ->
                switch (status) {
                    case 404 -> Kind.NOT_FOUND;
                    case 400, 409 -> Kind.REFUSED;
                    case 403 -> Kind.FORBIDDEN;
                    default -> Kind.UNAVAILABLE;
                };
        };
    }

    private String cure(int status, ErrorBody error) {
        Matcher version = LATEST_VERSION.matcher(error.message());
        if (version.find()) {
            return "set AZP_API_VERSION=%s; it is %s now.".formatted(version.group(1), apiVersion);
        }
        return switch (status) {
            case 203, 302, 401 ->
                "make a token with the scope «Agent Pools (read, manage)» for this organization and put it into"
                        + " AZP_TOKEN or the file of AZP_TOKEN_FILE; the present one is wrong, expired or of another"
                        + " organization.";
            case 403 ->
                "give the token's owner the role Administrator on the pool (Organization settings, Agent pools, the"
                        + " pool, Security), and the token the scope «Agent Pools (read, manage)».";
            case 404 ->
                "see that AZP_URL names the organization, as https://dev.azure.com/my-org, and AZP_POOL its pool.";
            case 429 -> "nothing: Azure DevOps limits this identity's rate; calls wait as long as it asks.";
            default -> "where this lasts, see the status page of Azure DevOps.";
        };
    }

    private AzureDevOpsException noAnswer(Exception failure) {
        Throwable cause = failure;
        while (!(cause instanceof SignIn.NoCredentialException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause instanceof TimeoutException
                ? "it did not answer within %d s".formatted(ANSWER_WITHIN.toSeconds())
                : cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        boolean ownCredential = cause instanceof SignIn.NoCredentialException;
        return new AzureDevOpsException(
                Kind.UNAVAILABLE,
                new Problem(
                        ownCredential ? "no credential: " + message : "no answer",
                        ownCredential
                                ? "can't sign in to %s: %s.".formatted(url, message)
                                : "no usable answer from %s (%s).".formatted(url, Printable.of(message)),
                        ownCredential
                                ? "make or mend the Secret that holds it, or mend AZP_TOKEN_FILE; it is read again."
                                : "see that AZP_URL is right and can be reached from here (DNS, network policy, proxy,"
                                        + " certificate)."));
    }

    /** Adds to each request what Azure DevOps wants of all of them. */
    private record SignIn(Credential credential, String apiVersion) implements ClientRequestFilter {

        private static final class NoCredentialException extends IOException {
            private static final long serialVersionUID = 1;

            NoCredentialException(IOException cause) {
                super(cause.getMessage(), cause);
            }
        }

        @Override
        public void filter(ClientRequestContext request) throws IOException {
            try {
                request.getHeaders().putSingle(HttpHeaders.AUTHORIZATION, credential.authorization());
            } catch (IOException e) {
                throw new NoCredentialException(e);
            }
            request.getHeaders().putSingle(HttpHeaders.ACCEPT, "application/json");
            // Asks for a 401 where a browser would be sent to a sign-in page.
            request.getHeaders().putSingle("X-TFS-FedAuthRedirect", "Suppress");
            request.setUri(UriBuilder.fromUri(request.getUri())
                    .queryParam("api-version", apiVersion)
                    .build());
        }
    }
}
