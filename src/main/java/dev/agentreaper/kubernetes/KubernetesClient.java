package dev.agentreaper.kubernetes;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connects to the cluster that KUBECONFIG names, else to the one that we run in; never to another that happens to be there. */
public final class KubernetesClient {
    private static final Duration NOTICE_DEAD_CONNECTION_AFTER = Duration.ofSeconds(10);
    private static final Duration CREDENTIALS_ARE_FRESH_FOR = Duration.ofMinutes(1);

    private KubernetesClient() {}

    /**
     * @param kubeconfig the value of KUBECONFIG; null where it is unset
     * @throws IllegalArgumentException with what is wrong, for the operator
     */
    public static ApiClient connect(@Nullable String kubeconfig, String userAgent) {
        try {
            ClientBuilder builder = kubeconfig == null || kubeconfig.isBlank() ? inCluster() : from(kubeconfig.strip());
            ApiClient client =
                    builder.setPingInterval(NOTICE_DEAD_CONNECTION_AFTER).build();
            client.setUserAgent(userAgent);
            return client;
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(
                    kubeconfig == null
                            ? "KUBECONFIG is missing, and this is no pod of a cluster (%s). For example: KUBECONFIG=/home/me/.kube/config"
                                    .formatted(e.getMessage())
                            : "KUBECONFIG «%s»: %s. For example: KUBECONFIG=/home/me/.kube/config"
                                    .formatted(
                                            kubeconfig,
                                            e instanceof IOException ? e.getMessage() : "it is no kubeconfig"),
                    e);
        }
    }

    private static ClientBuilder inCluster() throws IOException {
        if (System.getenv("KUBERNETES_SERVICE_HOST") == null) {
            throw new IOException("KUBERNETES_SERVICE_HOST is not set");
        }
        return ClientBuilder.cluster();
    }

    private static ClientBuilder from(String kubeconfig) throws IOException {
        Path file = Path.of(kubeconfig.split(File.pathSeparator, 2)[0]);
        if (!Files.isReadable(file)) {
            throw new IOException("there is no such file, or it can't be read");
        }
        try (Reader reader = Files.newBufferedReader(file)) {
            KubeConfig config = KubeConfig.loadKubeConfig(reader);
            config.setFile(file.toFile());
            return ClientBuilder.kubeconfig(config, CREDENTIALS_ARE_FRESH_FOR);
        }
    }
}
