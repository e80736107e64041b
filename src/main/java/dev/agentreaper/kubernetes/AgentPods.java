package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.health.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The agent pods of a pool, as the API server, asked now, has them. */
public final class AgentPods {
    private final KubernetesApi api;
    private final PodSource source;
    private final Predicate<Pod> ofPool;
    private final Connection lists;
    private final Connection gets;

    /**
     * @param ofPool which pods of the source may run an agent of the pool
     * @param lists is told whether they can be listed, which a sweep shows
     * @param gets is told whether we can get a pod, which a live re-check shows
     */
    public AgentPods(KubernetesApi api, PodSource source, Predicate<Pod> ofPool, Connection lists, Connection gets) {
        this.api = api;
        this.source = source;
        this.ofPool = ofPool;
        this.lists = lists;
        this.gets = gets;
    }

    /** Which pods of the source may run an agent of the pool. */
    public Predicate<Pod> ofPool() {
        return ofPool;
    }

    /** How its questions stand. */
    public List<Connection> connections() {
        return List.of(lists, gets);
    }

    /** All of them. */
    public List<Pod> list() throws KubernetesException {
        return ask(lists, () -> {
            List<Pod> pods = new ArrayList<>();
            for (PodScope scope : source.scopes()) {
                api.list(scope, pod -> pods.add(source.pod(pod)));
            }
            pods.removeIf(ofPool.negate());
            return pods;
        });
    }

    /**
     * Whether a live pod of this name may run the agent. Whose UID it is does not matter, but that one which has come since can
     * be known to run another, none yet, or one of another pool.
     *
     * @param gone the UIDs of the pods that are said to be gone
     */
    public boolean mayRun(AgentName agent, PodKey key, Set<String> gone) throws KubernetesException {
        PodFacts facts = ask(gets, () -> api.get(key));
        if (facts == null) {
            return false;
        }
        Pod pod = source.pod(facts);
        return pod.isLive()
                && (gone.contains(pod.uid()) || (ofPool.test(pod) && source.mayHaveRegistered(agent, facts)));
    }

    private interface Question<T extends @Nullable Object> {
        T ask() throws KubernetesException;
    }

    private static <T extends @Nullable Object> T ask(Connection connection, Question<T> question)
            throws KubernetesException {
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
