package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.MalformedJsonException;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.kubernetes.access.KubernetesClient;
import dev.agentreaper.log.Printable;
import dev.agentreaper.network.NoAnswer;
import dev.agentreaper.network.UnreadableAnswerException;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The three things that we ask of the Kubernetes API: list pods, watch pods, get one pod. Thread-safe. */
public final class KubernetesApi {
    private static final int PAGE = 500;
    private static final Set<String> DOTS = Set.of(".", "..");
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
    private static final Duration WATCH_SLACK = Duration.ofSeconds(15);

    private final KubernetesClient client;

    public KubernetesApi(KubernetesClient client) {
        this.client = client;
    }

    /**
     * All pods of the scope as they are now, read page by page; {@code each} sees every pod.
     *
     * @return the list's resourceVersion
     * @throws KubernetesException if any of it could not be read: then what {@code each} saw is no list
     */
    public String list(PodScope scope, Consumer<PodFacts> each) throws KubernetesException {
        PodPage page = page(scope, null, each);
        for (String next = page.next(); next != null; next = page.next()) {
            page = page(scope, next, each);
            if (next.equals(page.next())) {
                throw new KubernetesException(
                        new Problem(
                                "endless list",
                                "%s goes on with the page of a list that it has just given.".formatted(client),
                                "where this lasts, look at the API server, or at what answers in its place."),
                        200,
                        null);
            }
        }
        return page.resourceVersion();
    }

    /** @param next which page; null for the first */
    private PodPage page(PodScope scope, @Nullable String next, Consumer<PodFacts> each) throws KubernetesException {
        List<Pair> query = new ArrayList<>();
        query.add(new Pair("labelSelector", scope.selector()));
        query.add(new Pair("limit", Integer.toString(PAGE)));
        if (next != null) {
            query.add(new Pair("continue", next));
        }
        try (Response response = get(path(scope), query, ANSWER_WITHIN, _ -> {})) {
            return PodPage.read(response, each);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw failure(e);
        }
    }

    /**
     * Watches the scope's pods from a resourceVersion on, until the server ends it.
     *
     * @param timeout when the server ends it
     * @param started is given a way to end it from another thread
     */
    public PodStream watch(PodScope scope, String resourceVersion, Duration timeout, Consumer<Runnable> started)
            throws KubernetesException {
        List<Pair> query = List.of(
                new Pair("labelSelector", scope.selector()),
                new Pair("watch", "true"),
                new Pair("allowWatchBookmarks", "true"),
                new Pair("resourceVersion", resourceVersion),
                new Pair("timeoutSeconds", Long.toString(timeout.toSeconds())));
        try {
            return new PodStream(get(path(scope), query, timeout.plus(WATCH_SLACK), started), this::failure);
        } catch (IOException | RuntimeException e) {
            throw failure(e);
        }
    }

    /**
     * The pod of this name as the API server, asked now, has it.
     *
     * @return null where there is none
     * @throws KubernetesException if it did not say: neither the pod nor a Kubernetes Status that this very pod is not found
     */
    public @Nullable PodFacts get(PodKey key) throws KubernetesException {
        try (Response response = execute(path(key), List.of(), ANSWER_WITHIN, _ -> {})) {
            if (response.code() == 404 && ErrorStatus.read(response).saysNotFound(key)) {
                return null;
            }
            if (response.code() != 200) {
                throw refusal(response);
            }
            PodFacts pod = PodReader.read(new PodBody(response).json());
            if (!pod.key().equals(key)) {
                throw new UnreadableAnswerException(
                        "the answer is about the pod %s and not %s".formatted(pod.key(), key));
            }
            return pod;
        } catch (IOException | RuntimeException e) {
            throw failure(e);
        }
    }

    /** The next call makes a connection of its own: where one was found dead, those that wait unused may be so, too. */
    public void connectAnew() {
        client.connectAnew();
    }

    private static String path(PodKey pod) throws IOException {
        return "/api/v1/namespaces/%s/pods/%s".formatted(segment(pod.namespace()), segment(pod.name()));
    }

    private static String path(PodScope scope) {
        return scope.namespace().isEmpty() ? "/api/v1/pods" : "/api/v1/namespaces/" + scope.namespace() + "/pods";
    }

    private Response get(String path, List<Pair> query, Duration deadline, Consumer<Runnable> started)
            throws IOException {
        Response response = execute(path, query, deadline, started);
        if (response.code() != 200) {
            try (response) {
                throw refusal(response);
            }
        }
        return response;
    }

    private Response execute(String path, List<Pair> query, Duration deadline, Consumer<Runnable> started)
            throws IOException {
        KubernetesClient.Session session = client.session();
        try {
            Call call = call(session, path, query);
            call.timeout().timeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
            started.accept(call::cancel);
            Response response = call.execute();
            if (response.code() == 401) {
                client.doubt(session);
            }
            return response;
        } catch (SSLException e) {
            client.doubt(session);
            throw e;
        } catch (ApiException e) {
            throw new IOException(e);
        }
    }

    private Call call(KubernetesClient.Session session, String path, List<Pair> query)
            throws IOException, ApiException {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "application/json");
        // The server takes two to three times as long to compress an answer as to send it.
        headers.put("Accept-Encoding", "identity");
        String authorization = client.authorization(session);
        if (authorization != null) {
            headers.put("Authorization", authorization);
        }
        return session.client()
                .buildCall(null, path, "GET", query, List.of(), null, headers, Map.of(), Map.of(), new String[0], null);
    }

    /**
     * The name of an object as a part of a path.
     *
     * @throws IOException if it would lead elsewhere; no object is named so
     */
    private static String segment(String name) throws IOException {
        if (name.isEmpty() || DOTS.contains(name)) {
            throw new IOException("«%s» can't be the name of an object".formatted(name));
        }
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    private KubernetesException refusal(Response response) throws IOException {
        return ErrorStatus.read(response).failure(response.code(), client.toString());
    }

    /** What to tell of a call that failed, whatever failed it. */
    private KubernetesException failure(Exception failure) {
        return switch (failure) {
            case KubernetesException told -> told;
            case ProblemException told -> new KubernetesException(told.problem(), told);
            case SSLException untrusted ->
                noAnswer(
                        "no TLS",
                        untrusted,
                        "see that certificate-authority in KUBECONFIG, or ca.crt of the service account, is that of the"
                                + " server's certificate, that this has the name by which we know the server, and that ours"
                                + " was not refused; they are read again.");
            case MalformedJsonException odd -> unreadable("it is no JSON", odd);
            case UnreadableAnswerException odd -> unreadable(String.valueOf(odd.getMessage()), odd);
            case IOException broken ->
                noAnswer("no answer", broken, "see whether it runs and can be reached from here.");
            default -> unreadable(String.valueOf(failure.getMessage()), failure);
        };
    }

    private KubernetesException unreadable(String why, Exception failure) {
        return new KubernetesException(
                new Problem(
                        "unreadable",
                        "what answers at %s is not the Kubernetes API (%s)."
                                .formatted(client, Printable.of(why.replaceAll("\\s+", " "))),
                        "see whether a proxy answers in the API server's place."),
                failure);
    }

    private KubernetesException noAnswer(String kind, IOException failure, String cure) {
        Throwable cause = NoAnswer.cause(failure);
        @Nullable String message = cause.getMessage();
        String why = message == null ? cause.toString() : Printable.of(message.replaceAll("\\s+", " "));
        return new KubernetesException(
                new Problem(kind, "no answer from the Kubernetes API at %s (%s).".formatted(client, why), cure),
                failure);
    }
}
