package dev.agentreaper.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves the status: {@code /} to people, {@code /status.json} to programs. Whatever is asked, nothing is changed. */
@ApplicationScoped
public class StatusRoutes {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String JSON = "application/json";

    /** Nothing but what we serve ourselves, and no way to send anything. */
    private static final String POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private volatile @Nullable StatusReader reader;

    /** From now on the status is read by it. */
    public void show(StatusReader status) {
        reader = status;
    }

    void add(@Observes Router router) {
        serve(router, "/", HTML, status -> new StatusPage(status).render());
        serve(router, "/status.json", JSON, StatusJson::of);
        serveFile(router, "status.css", "text/css; charset=utf-8");
        serveFile(router, "status.js", "text/javascript; charset=utf-8");
    }

    private void serve(Router router, String path, String type, Function<Status, String> content) {
        // With thousands of agents it is milliseconds of work: not for a thread that serves others. And it takes
        // megabytes: one after the other, however many ask.
        router.get(path).method(HttpMethod.HEAD).blockingHandler(context -> show(context, type, content), true);
    }

    private synchronized void show(RoutingContext context, String type, Function<Status, String> content) {
        StatusReader from = reader;
        if (from == null) {
            answer(context, type).setStatusCode(503).putHeader("Refresh", "1").end();
        } else {
            answer(context, type).end(content.apply(from.read()));
        }
    }

    private static void serveFile(Router router, String name, String type) {
        String content = read(name);
        router.get("/" + name)
                .method(HttpMethod.HEAD)
                .handler(context -> answer(context, type).end(content));
    }

    private static HttpServerResponse answer(RoutingContext context, String type) {
        return context.response()
                .putHeader("Content-Type", type)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("X-Content-Type-Options", "nosniff");
    }

    private static String read(String name) {
        try (InputStream file = StatusRoutes.class.getResourceAsStream("/status/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the program lacks its file " + name);
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
