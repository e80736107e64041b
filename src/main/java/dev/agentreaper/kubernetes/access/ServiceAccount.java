package dev.agentreaper.kubernetes.access;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** The way to the API server that the kubelet gives to every pod. */
final class ServiceAccount {
    private ServiceAccount() {}

    /**
     * @param directory the mounted token and certificates
     * @throws IllegalArgumentException with what is wrong, for the operator
     * @see <a href="https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/">Accessing the Kubernetes API
     *     from a Pod</a>
     */
    static ClusterAccess in(Path directory, Map<String, String> environment) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        if (host.isEmpty()) {
            throw new IllegalArgumentException("KUBERNETES_SERVICE_HOST is not set");
        }
        if (!port.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("KUBERNETES_SERVICE_PORT «%s» is no port".formatted(port));
        }
        DataOrFile token = new DataOrFile.File("the service account's token", directory.resolve("token"));
        return new ClusterAccess(
                URI.create("https://%s:%s".formatted(host.contains(":") ? "[" + host + "]" : host, port)),
                new DataOrFile.File("the cluster's certificate", directory.resolve("ca.crt")),
                true,
                null,
                // A proxy for the way out of the cluster does not know the way within it.
                null,
                () -> new Identity(Identity.bearer(token), null, null));
    }
}
