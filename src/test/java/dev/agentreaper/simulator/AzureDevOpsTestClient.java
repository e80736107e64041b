package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;

/** Calls the simulator as any HTTP client would. Paths start below {@code _apis/distributedtask/pools}. */
final class AzureDevOpsTestClient implements AutoCloseable {
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AzureDevOpsSimulator simulator;

    AzureDevOpsTestClient(AzureDevOpsSimulator simulator) {
        this.simulator = simulator;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request("GET", path));
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(request("DELETE", path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sendLater(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** A request with the token and the version that the simulator accepts at first. */
    HttpRequest.Builder request(String method, String path) {
        String version = (path.contains("?") ? "&" : "?") + "api-version=7.1";
        return bareRequest(method, path + version).header("Authorization", basic(simulator.token()));
    }

    HttpRequest.Builder bareRequest(String method, String path) {
        return HttpRequest.newBuilder(URI.create(simulator.url() + "/_apis/distributedtask/pools" + path))
                .header("User-Agent", "simulator-test")
                .method(method, HttpRequest.BodyPublishers.noBody());
    }

    static String basic(String token) {
        return "Basic " + Base64.getEncoder().encodeToString((":" + token).getBytes(UTF_8));
    }

    static JsonNode json(HttpResponse<String> response) {
        return AzureDevOpsJson.parse(response.body());
    }

    static String typeKey(HttpResponse<String> response) {
        return json(response).path("typeKey").asText();
    }

    @Override
    public void close() {
        http.close();
    }
}
