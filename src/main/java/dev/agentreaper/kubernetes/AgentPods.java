package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.health.Connection;
import java.util.ArrayList;
import java.util.List;

/** The agent pods of a pool, as the API server, asked now, has them. */
public final class AgentPods {
    private final KubernetesApi api;
    private final PodSource source;
    private final Connection connection;
    private final Connection gets;

    /**
     * @param connection is told whether the API server can be asked
     * @param gets is told whether we may get a pod, which only a live re-check shows
     */
    public AgentPods(KubernetesApi api, PodSource source, Connection connection, Connection gets) {
        this.api = api;
        this.source = source;
        this.connection = connection;
        this.gets = gets;
    }

    public Connection gets() {
        return gets;
    }

    /** All of them. */
    public List<Pod> list() throws KubernetesException {
        return ask(connection, () -> {
            List<Pod> pods = new ArrayList<>();
            for (PodScope scope : source.scopes()) {
                api.list(scope, pod -> pods.add(source.pod(pod)));
            }
            return pods;
        });
    }

    /** Whether there is a live pod of this name. Whose UID it is does not matter. */
    public boolean isLive(PodKey pod) throws KubernetesException {
        return ask(gets, () -> api.hasLivePod(pod));
    }

    private interface Question<T> {
        T ask() throws KubernetesException;
    }

    /** @param right is told whether we may ask it */
    private <T> T ask(Connection right, Question<T> question) throws KubernetesException {
        try {
            T answer = question.ask();
            connection.worked();
            right.worked();
            return answer;
        } catch (KubernetesException e) {
            (e.isForbidden() ? right : connection).failed(e.problem());
            throw e;
        }
    }
}
