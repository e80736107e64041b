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

    /** @param connection is told whether the API server can be asked */
    public AgentPods(KubernetesApi api, PodSource source, Connection connection) {
        this.api = api;
        this.source = source;
        this.connection = connection;
    }

    /** All of them. */
    public List<Pod> list() throws KubernetesException {
        return ask(() -> {
            List<Pod> pods = new ArrayList<>();
            for (PodScope scope : source.scopes()) {
                api.list(scope, pod -> pods.add(source.pod(pod)));
            }
            return pods;
        });
    }

    /** Whether there is a live pod of this name. Whose UID it is does not matter. */
    public boolean isLive(PodKey pod) throws KubernetesException {
        return ask(() -> api.hasLivePod(pod));
    }

    private interface Question<T> {
        T ask() throws KubernetesException;
    }

    private <T> T ask(Question<T> question) throws KubernetesException {
        try {
            T answer = question.ask();
            connection.worked();
            return answer;
        } catch (KubernetesException e) {
            connection.failed(e.problem());
            throw e;
        }
    }
}
