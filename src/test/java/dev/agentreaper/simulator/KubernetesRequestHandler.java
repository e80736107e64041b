package dev.agentreaper.simulator;

import dev.agentreaper.simulator.KubernetesSimulatedApi.Answer;
import dev.agentreaper.simulator.LoopbackHttpServer.Connection;
import dev.agentreaper.simulator.LoopbackHttpServer.Request;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Notes each request, lets it go wrong if that is planned, and has it answered. */
final class KubernetesRequestHandler implements LoopbackHttpServer.Handler {
    private final KubernetesPodStore store;
    private final KubernetesFaultPlan faults;
    private final String authorization;
    private final KubernetesSimulatedApi api;
    private final KubernetesWatchWriter watches;
    private final List<KubernetesRequest> requests = Collections.synchronizedList(new ArrayList<>());

    KubernetesRequestHandler(KubernetesPodStore store, KubernetesFaultPlan faults, String token) {
        this.store = store;
        this.faults = faults;
        this.authorization = "Bearer " + token;
        this.api = new KubernetesSimulatedApi(store);
        this.watches = new KubernetesWatchWriter(store);
    }

    void onLeftWritten(Consumer<String> listener) {
        watches.onLeftWritten(listener);
    }

    List<KubernetesRequest> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void handle(Request request, Connection connection) throws IOException, InterruptedException {
        KubernetesOperation operation = KubernetesSimulatedApi.operationOf(request);
        requests.add(new KubernetesRequest(
                System.nanoTime(), operation, request.path(), request.query(), request.headers()));
        if (!authorization.equals(request.headers().get("Authorization"))) {
            Answer.failure(401, "Unauthorized", "Unauthorized").send(connection);
            return;
        }
        try {
            KubernetesSimulatedApi.requireKnownParameters(request);
            answer(operation, request, connection);
        } catch (IllegalArgumentException e) {
            Answer.failure(400, "BadRequest", e.toString()).send(connection);
        }
    }

    private void answer(KubernetesOperation operation, Request request, Connection connection)
            throws IOException, InterruptedException {
        KubernetesFault fault = faults.next(operation);
        switch (fault) {
            case KubernetesFault.Answer(int status, var headers, String body) ->
                connection.send(new Response(status, headers, body));
            case KubernetesFault.Endless(int status, String begin, String forEver) ->
                connection.send(new Response(status, Map.of("Content-Type", "application/json"), begin, forEver));
            case KubernetesFault.Silence _ -> connection.awaitClosedByPeer();
            case KubernetesFault.Cut _ -> connection.cut();
            case KubernetesFault.Delay(var duration) -> {
                Thread.sleep(duration);
                answerRightly(operation, request, connection);
            }
            case KubernetesFault.HalfBody _ ->
                connection.send(api.answer(operation, request, store.version())
                        .response()
                        .cutInHalf());
            case KubernetesFault.Stale(long version) ->
                api.answer(operation, request, version).send(connection);
            case null -> answerRightly(operation, request, connection);
        }
    }

    private void answerRightly(KubernetesOperation operation, Request request, Connection connection)
            throws IOException, InterruptedException {
        if (operation == KubernetesOperation.WATCH) {
            watches.write(request, connection);
        } else {
            api.answer(operation, request, store.version()).send(connection);
        }
    }
}
