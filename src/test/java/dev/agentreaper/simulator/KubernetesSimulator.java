package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.simulator.KubernetesWatch.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * As much of a Kubernetes API server as a reader of pods sees, in this process and without etcd: lists with pages,
 * watches, single pods and SelfSubjectAccessReviews, which are always allowed. It can go wrong at will.
 */
public final class KubernetesSimulator implements KubernetesCluster {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private final String token = UUID.randomUUID().toString();
    private final KubernetesPodStore store = new KubernetesPodStore();
    private final KubernetesFaultPlan faults = new KubernetesFaultPlan();
    private final KubernetesRequestHandler handler = new KubernetesRequestHandler(store, faults, token);
    private final Set<String> namespaces = ConcurrentHashMap.newKeySet();
    private final LoopbackHttpServer server = new LoopbackHttpServer(0, handler);
    private final Path kubeconfig;

    private KubernetesSimulator() throws IOException {
        Path file = Files.createTempFile("kubernetes-simulator-", ".kubeconfig");
        kubeconfig = KubernetesKubeconfig.write(file, url(), token, certificateAuthority());
    }

    public static KubernetesSimulator start() {
        try {
            return new KubernetesSimulator();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets every such request fail, until {@link #heal}. */
    public void fail(KubernetesOperation operation, KubernetesFault fault) {
        faults.fail(operation, fault);
    }

    /** Lets the next such requests fail, after those for which it was said before. */
    public void fail(KubernetesOperation operation, KubernetesFault fault, int times) {
        faults.fail(operation, fault, times);
    }

    /** Ends all faults of requests; it does not wake silent watches or start a stopped server. */
    public void heal() {
        faults.heal();
    }

    /** All requests since the start, in order. */
    public List<KubernetesRequest> requests() {
        return handler.requests();
    }

    /** All requests of one kind since the start, in order. */
    public List<KubernetesRequest> requests(KubernetesOperation operation) {
        return requests().stream()
                .filter(request -> request.operation() == operation)
                .toList();
    }

    /**
     * Calls back as soon as the bytes that tell of a pod's end are written to a watch's socket, on the thread that wrote them,
     * with the pod's {@code namespace/name}.
     */
    public void onLeftWritten(Consumer<String> listener) {
        handler.onLeftWritten(listener);
    }

    public long resourceVersion() {
        return store.version();
    }

    /** How many watches would hear of a change now. */
    public int openWatches() {
        return store.openWatches();
    }

    /** Resets the connection of every open watch. */
    public void cutWatches() {
        store.closeAll(new Signal.Cut());
    }

    /** Ends every open watch as if its time were over. */
    public void endWatches() {
        store.closeAll(new Signal.End());
    }

    /** Leaves every open watch half-open: nothing comes any more, and nothing is closed. */
    public void silenceWatches() {
        store.closeAll(new Signal.Silence());
    }

    /** Writes a line into every open watch, such as {@link KubernetesJson#expired} or something broken. */
    public void tellWatches(String line) {
        store.forEachWatch(watch -> watch.tell(line));
    }

    /** Writes the last line of every open watch once more. */
    public void repeatLastEvents() {
        store.forEachWatch(KubernetesWatch::repeat);
    }

    @Override
    public URI url() {
        return server.url();
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public Optional<String> certificateAuthority() {
        return Optional.empty();
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public void createNamespace(String namespace) {
        require(namespaces.add(namespace), "Namespace " + namespace + " exists already");
    }

    @Override
    public void create(String namespace, String json) {
        put(namespace, parsed(json), "Pending");
    }

    /**
     * Creates running pods that differ in name and UID alone. They share all else, so that many large ones have room in this
     * process.
     */
    public void createRunning(String namespace, String json, List<String> names) {
        ObjectNode model = parsed(json);
        for (String name : names) {
            ObjectNode pod = KubernetesJson.object().setAll(model);
            // Of their own only where a pod differs: a changed pod is another object, so what is shared stays as it is.
            pod.set("metadata", KubernetesJson.object().setAll((ObjectNode) model.path("metadata")));
            pod.set("status", KubernetesJson.object().setAll((ObjectNode) model.path("status")));
            pod.withObject("/metadata").put("name", name);
            put(namespace, pod, "Running");
        }
    }

    private static ObjectNode parsed(String json) {
        ObjectNode pod = KubernetesApiClient.parse(json).deepCopy();
        pod.remove(List.of("kind", "apiVersion"));
        return pod;
    }

    private void put(String namespace, ObjectNode pod, String phase) {
        require(namespaces.contains(namespace), "No namespace " + namespace);
        pod.withObject("/metadata")
                .put("namespace", namespace)
                .put("uid", UUID.randomUUID().toString())
                .put("creationTimestamp", now().toString());
        pod.withObject("/status").put("phase", phase);
        String key = key(namespace, pod.at("/metadata/name").asText());
        store.change(key, before -> {
            require(before == null, key + " exists already");
            return pod;
        });
    }

    @Override
    public void patchStatus(String namespace, String name, String phase, @Nullable Instant startTime) {
        update(namespace, name, pod -> {
            ObjectNode status = pod.withObject("/status").put("phase", phase);
            if (startTime != null) {
                status.put(
                        "startTime", startTime.truncatedTo(ChronoUnit.SECONDS).toString());
            }
        });
    }

    @Override
    public void relabel(String namespace, String name, Map<String, @Nullable String> labels) {
        update(namespace, name, pod -> {
            ObjectNode present = pod.withObject("/metadata").withObject("/labels");
            labels.forEach((label, value) -> {
                if (value == null) {
                    present.remove(label);
                } else {
                    present.put(label, value);
                }
            });
        });
    }

    @Override
    public void delete(String namespace, String name) {
        deleteGracefully(namespace, name, Duration.ZERO);
    }

    /** A pod that goes at once is marked first, too, as the API server does it. */
    @Override
    public void deleteGracefully(String namespace, String name, Duration wanted) {
        JsonNode present = pod(namespace, name).orElseThrow(() -> new IllegalStateException("No pod " + name));
        boolean nobodyToWaitFor = present.at("/spec/nodeName").isMissingNode()
                || ENDED.contains(present.at("/status/phase").asText());
        Duration grace = nobodyToWaitFor ? Duration.ZERO : wanted;
        update(
                namespace,
                name,
                pod -> pod.withObject("/metadata")
                        .put("deletionTimestamp", now().plus(grace).toString())
                        .put("deletionGracePeriodSeconds", grace.toSeconds()));
        if (grace.isZero()) {
            store.change(key(namespace, name), before -> null);
        }
    }

    @Override
    public void deleteWhileStopped(String namespace, String name) {
        delete(namespace, name);
    }

    @Override
    public Optional<JsonNode> pod(String namespace, String name) {
        return store.get(key(namespace, name)).map(KubernetesJson::withKind);
    }

    @Override
    public void stop() {
        server.close();
    }

    @Override
    public void startAgain() {
        store.forgetHistory();
        server.reopen();
    }

    @Override
    public void compact() {
        store.forgetHistory();
    }

    @Override
    public Snapshot snapshot() {
        Runnable restore = store.snapshot();
        return () -> {
            stop();
            restore.run();
            startAgain();
        };
    }

    @Override
    public void close() {
        server.close();
        try {
            Files.deleteIfExists(kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void update(String namespace, String name, Consumer<ObjectNode> change) {
        store.change(key(namespace, name), before -> {
            if (before == null) {
                throw new IllegalStateException("No pod " + key(namespace, name));
            }
            ObjectNode after = before.deepCopy();
            change.accept(after);
            return after;
        });
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
