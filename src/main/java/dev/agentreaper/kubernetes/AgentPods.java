package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.health.Connection;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import java.io.IOException;
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
    public List<Pod> list() throws ProblemException {
        return ask(() -> {
            List<Pod> pods = new ArrayList<>();
            for (PodScope scope : source.scopes()) {
                api.list(scope, pod -> pods.add(source.template().read(pod)));
            }
            return pods;
        });
    }

    /** Whether there is a live pod of this name. Whose UID it is does not matter. */
    public boolean isLive(PodKey pod) throws ProblemException {
        return ask(() -> api.hasLivePod(pod));
    }

    private interface Question<T> {
        T ask() throws IOException;
    }

    private <T> T ask(Question<T> question) throws ProblemException {
        try {
            T answer = question.ask();
            connection.worked();
            return answer;
        } catch (IOException | RuntimeException e) {
            Problem problem = api.problem(e);
            connection.failed(problem);
            throw new ProblemException(problem, e);
        }
    }
}
