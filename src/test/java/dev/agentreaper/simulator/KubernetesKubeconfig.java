package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Writes kubeconfig files with one cluster and one user who shows a bearer token. */
final class KubernetesKubeconfig {
    private KubernetesKubeconfig() {}

    static Path write(Path file, URI url, String token, Optional<String> certificateAuthority) {
        String trust = certificateAuthority
                .map(pem -> "certificate-authority-data: " + Base64.getEncoder().encodeToString(pem.getBytes(UTF_8)))
                .orElse("insecure-skip-tls-verify: false");
        String text = """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts:
                - name: test
                  context:
                    cluster: test
                    user: test
                clusters:
                - name: test
                  cluster:
                    server: %s
                    %s
                users:
                - name: test
                  user:
                    token: %s
                """.formatted(url, trust, token);
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
