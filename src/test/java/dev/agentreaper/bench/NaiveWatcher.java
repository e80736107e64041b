package dev.agentreaper.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;
import java.util.Iterator;

/**
 * A peer: what one writes in an afternoon. It watches, and on DELETED looks the agent up and deletes it; one after the other,
 * with no look at whether the pod is really gone, no retry, and no list after what it missed.
 */
final class NaiveWatcher {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();

    private NaiveWatcher() {}

    /** @param arguments the address of the pods' watch, its token, the address of the pool's agents, its token */
    public static void main(String... arguments) throws Exception {
        String kubernetes = "Bearer " + arguments[1];
        String agents = arguments[2];
        String azure = "Basic " + Base64.getEncoder().encodeToString((":" + arguments[3]).getBytes(UTF_8));
        Iterator<String> lines = HTTP.send(request(arguments[0], kubernetes).build(), BodyHandlers.ofLines())
                .body()
                .iterator();
        while (lines.hasNext()) {
            JsonNode event = JSON.readTree(lines.next());
            if (event.path("type").asText().equals("DELETED")) {
                String name = event.at("/object/metadata/name").asText();
                String found = HTTP.send(
                                request(agents + "?api-version=7.1&agentName=" + name, azure)
                                        .build(),
                                BodyHandlers.ofString())
                        .body();
                for (JsonNode agent : JSON.readTree(found).path("value")) {
                    String address = agents + "/" + agent.path("id").asInt() + "?api-version=7.1";
                    HTTP.send(request(address, azure).DELETE().build(), BodyHandlers.discarding());
                }
            }
        }
    }

    private static HttpRequest.Builder request(String address, String authorization) {
        return HttpRequest.newBuilder(URI.create(address)).header("Authorization", authorization);
    }
}
