package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a test does to a cluster, whether a {@link KubernetesApiServer real one} or a {@link KubernetesSimulator
 * simulated one}. No kubelet runs in either: pods start, fail and end only as the test says. Every method throws
 * IllegalStateException when the cluster refuses.
 */
public interface KubernetesCluster extends AutoCloseable {
    /** The server's address, without a path. */
    URI url();

    /** The bearer token of a user who may do everything. */
    String token();

    /** The certificates to trust, as PEM; empty when the server speaks plain HTTP. */
    Optional<String> certificateAuthority();

    /** A kubeconfig file for a user who may do everything; it lives as long as the cluster. */
    Path kubeconfig();

    void createNamespace(String namespace);

    default void create(KubernetesPod pod) {
        create(pod.namespace(), pod.json());
    }

    /** Creates a pod from its JSON, for whatever {@link KubernetesPod} has no word for. */
    void create(String namespace, String json);

    /** Sets the phase, and the start time unless it is null, as a kubelet would. */
    void patchStatus(String namespace, String name, String phase, @Nullable Instant startTime);

    /** Sets labels; a null value removes its label. */
    void relabel(String namespace, String name, Map<String, @Nullable String> labels);

    /** Deletes a pod at once. */
    void delete(String namespace, String name);

    /**
     * Marks a pod as terminating; without a kubelet it stays so. As in every cluster, a pod that has no node yet, or
     * has succeeded or failed already, is deleted at once instead.
     */
    void deleteGracefully(String namespace, String name, Duration grace);

    /** Removes a pod while the server is {@link #stop stopped}, so that no watch ever tells of it. */
    void deleteWhileStopped(String namespace, String name);

    Optional<JsonNode> pod(String namespace, String name);

    default String uid(String namespace, String name) {
        return pod(namespace, name)
                .orElseThrow(() -> new IllegalStateException("No pod " + namespace + "/" + name))
                .at("/metadata/uid")
                .asText();
    }

    /** Ends the server as a crash would: its connections break, and new ones are refused. The pods are kept. */
    void stop();

    /** Starts a stopped server on the same port; it no longer knows what changed before. */
    void startAgain();

    /** Forgets what changed: from now on every older resource version is too old, for watches and further pages. */
    void compact();

    /** Keeps the present state, to {@link Snapshot#restore} it later. */
    Snapshot snapshot();

    @Override
    void close();

    /** The state of a cluster at some moment. */
    interface Snapshot {
        /** Puts the cluster back into this state, resource version included; connections break on the way. */
        void restore();
    }
}
