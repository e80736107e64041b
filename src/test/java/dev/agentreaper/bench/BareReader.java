package dev.agentreaper.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists all pods as fast as their bytes come, and looks at nothing but the token of the next page. */
final class BareReader {
    /** The simulator writes it before the pods. */
    private static final Pattern NEXT = Pattern.compile("\"continue\":\"([^\"]+)\"");

    private static final int WHERE_IT_IS = 1_000;
    /** As ours reads them. */
    private static final int PAGE = 500;

    private BareReader() {}

    static void list(Stage stage) throws IOException, InterruptedException {
        String pages = "%s/api/v1/pods?labelSelector=app%%3Dagent&limit=%d".formatted(stage.kubernetes.url(), PAGE);
        try (HttpClient http = HttpClient.newHttpClient()) {
            String next = "";
            do {
                URI page = URI.create(next.isEmpty() ? pages : pages + "&continue=" + next);
                HttpRequest request = HttpRequest.newBuilder(page)
                        .header("Authorization", "Bearer " + stage.kubernetes.token())
                        .build();
                try (InputStream body =
                        http.send(request, BodyHandlers.ofInputStream()).body()) {
                    Matcher token = NEXT.matcher(new String(body.readNBytes(WHERE_IT_IS), UTF_8));
                    body.transferTo(OutputStream.nullOutputStream());
                    next = token.find() ? token.group(1) : "";
                }
            } while (!next.isEmpty());
        }
    }
}
