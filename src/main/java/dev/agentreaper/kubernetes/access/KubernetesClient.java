package dev.agentreaper.kubernetes.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.health.Fault;
import dev.agentreaper.health.FaultException;
import dev.agentreaper.health.Pause;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.log.Secrets;
import dev.agentreaper.network.Backoff;
import dev.agentreaper.network.ProxyServer;
import dev.agentreaper.network.Retries;
import io.kubernetes.client.openapi.ApiClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the cluster that KUBECONFIG names, else to the one that we run in; never to another that happens to be
 * there. Files and plug-ins are asked again when what they said before runs out or does not work. Thread-safe.
 */
public final class KubernetesClient {
    /** Where the kubelet mounts the service account. */
    public static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final Duration NOTICE_DEAD_CONNECTION_AFTER = Duration.ofSeconds(10);
    private static final Duration ASKED_AGAIN_AFTER = Duration.ofSeconds(10);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), ASKED_AGAIN_AFTER);

    private final ClusterAccess access;
    private final String userAgent;
    private final InstantSource clock;
    /** Of all sessions: a session that is over leaves no more idle connections than this keeps. */
    private final ConnectionPool connections = new ConnectionPool();

    private final Retries signIns;

    private @Nullable Session session;

    private KubernetesClient(ClusterAccess access, String userAgent, InstantSource clock) {
        this.access = access;
        this.userAgent = userAgent;
        this.clock = clock;
        this.signIns = new Retries(BACKOFF, clock);
    }

    /** A client that is signed in, since a moment. */
    public record Session(ApiClient client, Identity identity, Instant since) {}

    /**
     * @param kubeconfig the value of KUBECONFIG; null where it is unset
     * @param serviceAccount where the service account is mounted
     * @param warn is told of what is odd but no fault
     * @throws IllegalArgumentException with what is wrong, for the operator
     */
    public static KubernetesClient connect(
            @Nullable String kubeconfig,
            Map<String, String> environment,
            Path serviceAccount,
            String userAgent,
            InstantSource clock,
            Consumer<String> warn) {
        boolean inCluster = kubeconfig == null || kubeconfig.isBlank();
        try {
            ClusterAccess access = inCluster
                    ? ServiceAccount.in(serviceAccount, environment)
                    : Kubeconfig.read(Objects.requireNonNull(kubeconfig).strip(), environment, warn);
            KubernetesClient client = new KubernetesClient(access, userAgent, clock);
            client.check();
            return client;
        } catch (IOException | IllegalArgumentException e) {
            throw new FaultException(inCluster ? notInCluster(e) : inKubeconfig(kubeconfig, e), e);
        }
    }

    private static Fault notInCluster(Exception e) {
        return new Fault(
                "KUBECONFIG is missing, and this is no pod of a cluster with a service account (%s)"
                        .formatted(e.getMessage()),
                Kubeconfig.EXAMPLE);
    }

    private static Fault inKubeconfig(@Nullable String kubeconfig, Exception e) {
        Fault fault = FaultException.fault(e);
        return new Fault("KUBECONFIG «%s»: %s".formatted(kubeconfig, fault.what()), fault.remedy());
    }

    /** A plug-in is not run yet: what it asks may be out of reach for a while, which is no fault of the configuration. */
    private void check() throws IOException {
        if (access.signIn() instanceof ExecPlugin) {
            client(Identity.NONE);
        } else {
            session = open();
        }
    }

    /** @throws ProblemException where we can't sign in, or could not a moment ago */
    public synchronized Session session() throws ProblemException {
        Session current = session;
        if (current == null || isOver(current)) {
            current = signIn();
            session = current;
        }
        return current;
    }

    /** After a failure there is a pause: all wait for a plug-in that hangs, and need not do so one after the other. */
    private Session signIn() throws ProblemException {
        signIns.refuseTooEarly();
        try {
            Session signedIn = open();
            signIns.worked();
            return signedIn;
        } catch (IOException e) {
            ProblemException failure = noCredential(e);
            signIns.failed(failure.problem(), Duration.ZERO);
            throw failure;
        }
    }

    /**
     * The value of the {@code Authorization} header; null where a call of this session has none.
     *
     * @throws ProblemException where it can't be had now
     */
    public @Nullable String authorization(Session current) throws ProblemException {
        Identity.Authorization authorization = current.identity().authorization();
        try {
            return authorization == null ? null : authorization.now();
        } catch (IOException e) {
            throw noCredential(e);
        }
    }

    private ProblemException noCredential(IOException why) {
        return new ProblemException(
                new Problem(
                        "no credential",
                        "can't sign in to the Kubernetes API at %s: %s.".formatted(access, why.getMessage()),
                        "mend that file or plug-in; it is asked again."),
                why);
    }

    /** This session did not work, perhaps because what we signed in with, or the server's certificate, is another now. */
    public synchronized void doubt(Session doubted) {
        if (doubted.equals(session) && !new Pause(doubted.since(), ASKED_AGAIN_AFTER).lasts(clock.instant())) {
            session = null;
        }
    }

    /** Lets go of all connections that are not in use. */
    public void connectAnew() {
        connections.evictAll();
    }

    private boolean isOver(Session current) {
        Instant until = current.identity().until();
        return until != null && !clock.instant().isBefore(until);
    }

    private Session open() throws IOException {
        Identity identity = access.signIn().identity();
        if (identity.authorization() != null) {
            String _ = identity.authorization().now();
        }
        return new Session(client(identity), identity, clock.instant());
    }

    private ApiClient client(Identity identity) throws IOException {
        ApiClient client = new ApiClient();
        client.setBasePath(access.server().toString());
        client.setUserAgent(userAgent);
        client.setVerifyingSsl(access.verified());
        client.setTlsServerName(access.serverName());
        if (identity.certificate() != null) {
            client.setKeyManagers(identity.certificate().keyManagers());
        }
        if (access.authority() != null && access.verified()) {
            Certificates.read(access.authority());
            client.setSslCaCert(
                    new ByteArrayInputStream(access.authority().read().getBytes(UTF_8)));
        }
        OkHttpClient tls = client.getHttpClient();
        OkHttpClient.Builder http = tls.newBuilder()
                .connectionPool(connections)
                // Whoever it leads to is not the API server that we were told of.
                .followRedirects(false)
                // Each call has a deadline of its own.
                .readTimeout(Duration.ZERO)
                .pingInterval(NOTICE_DEAD_CONNECTION_AFTER);
        if (access.serverName() != null) {
            http.sslSocketFactory(
                    new ServerNamedSockets(tls.sslSocketFactory(), access.serverName()),
                    Objects.requireNonNull(tls.x509TrustManager()));
        }
        if (access.proxy() == null) {
            http.proxy(Proxy.NO_PROXY);
        } else {
            through(access.proxy(), http);
        }
        client.setHttpClient(http.build());
        return client;
    }

    private static void through(ProxyServer proxy, OkHttpClient.Builder http) {
        http.proxy(new Proxy(
                proxy.isSocks() ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
                InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        ProxyServer.Login login = proxy.login();
        if (login != null) {
            String credentials = Credentials.basic(login.user(), login.password(), UTF_8);
            Secrets.holdLogin(login.user(), login.password());
            // Null ends the attempts: the proxy has seen them and wants others.
            http.proxyAuthenticator(
                    (route, response) -> credentials.equals(response.request().header("Proxy-Authorization"))
                            ? null
                            : response.request()
                                    .newBuilder()
                                    .header("Proxy-Authorization", credentials)
                                    .build());
        }
    }

    /** The server's address. */
    @Override
    public String toString() {
        return access.toString();
    }
}
