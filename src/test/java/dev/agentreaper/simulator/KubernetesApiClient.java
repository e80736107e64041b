package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The few HTTP calls that the test doubles and their tests make to a cluster, on the JDK's client. */
final class KubernetesApiClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI url;
    private final Optional<String> token;
    private final HttpClient http;

    KubernetesApiClient(KubernetesCluster cluster) {
        this(cluster.url(), Optional.of(cluster.token()), cluster.certificateAuthority());
    }

    KubernetesApiClient(URI url, Optional<String> token, Optional<String> certificateAuthority) {
        this.url = url;
        this.token = token;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10));
        certificateAuthority.map(KubernetesApiClient::trusting).ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /** A status and a body, whatever they say. */
    record Answer(int status, String body) {
        JsonNode json() {
            return parse(body);
        }

        /** The body of a success; anything else is an IllegalStateException. */
        JsonNode success() {
            if (status >= 300) {
                throw new IllegalStateException("The cluster answered " + status + ": " + body);
            }
            return json();
        }
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Not JSON: " + json, e);
        }
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)).header("Content-Type", "application/json"));
    }

    Answer mergePatch(String path, String body) {
        return send(request(path)
                .method("PATCH", BodyPublishers.ofString(body))
                .header("Content-Type", "application/merge-patch+json"));
    }

    Answer delete(String path) {
        return send(request(path).DELETE());
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path));
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        return request;
    }

    HttpClient http() {
        return http;
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static SSLContext trusting(String pem) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(UTF_8)))) {
                trusted.setCertificateEntry("ca-" + trusted.size(), certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("Cannot trust the cluster's certificates", e);
        }
    }

    /** Ends open watches too: the plain close would wait for them. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
