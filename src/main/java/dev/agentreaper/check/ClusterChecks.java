package dev.agentreaper.check;

import static java.util.stream.Collectors.joining;

import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.KubernetesException;
import dev.agentreaper.kubernetes.PodScope;
import dev.agentreaper.kubernetes.PodSource;
import dev.agentreaper.kubernetes.PodStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether the Kubernetes API lets us do what we need: list, watch and get the pods of a scope. */
final class ClusterChecks {
    private static final String NAME = "kubernetes";
    private static final Pattern SERVICE_ACCOUNT = Pattern.compile("system:serviceaccount:([^:]+:[^:]+)");

    private final KubernetesApi api;
    private final Consumer<Check> results;

    ClusterChecks(KubernetesApi api, Consumer<Check> results) {
        this.api = api;
        this.results = results;
    }

    /** @return the pods of the source; null if not all of them can be listed */
    @Nullable
    List<Pod> run(PodSource source) {
        List<Pod> pods = new ArrayList<>();
        boolean complete = true;
        for (PodScope scope : source.scopes()) {
            complete &= list(scope, source, pods);
        }
        return complete ? pods : null;
    }

    /** @return whether the pods of the scope can be listed */
    private boolean list(PodScope scope, PodSource source, List<Pod> pods) {
        int before = pods.size();
        String version;
        try {
            version = api.list(scope, pod -> pods.add(source.pod(pod)));
        } catch (KubernetesException e) {
            failed(scope, Map.of("listed", e));
            return false;
        }
        int there = pods.size() - before;
        Map<String, KubernetesException> refused = new LinkedHashMap<>();
        try (PodStream _ = api.watch(scope, version, Duration.ofSeconds(1), _ -> {})) {
            // That it was answered is all there is to see.
        } catch (KubernetesException e) {
            refused.put("watched", e);
        }
        try {
            api.get(there == 0 ? imagined(scope) : pods.getLast().key());
        } catch (KubernetesException e) {
            refused.put("read one by one", e);
        }
        if (refused.isEmpty()) {
            results.accept(
                    Check.passed(NAME, null, "%s can be listed, watched and read: %d there".formatted(scope, there)));
        } else {
            failed(scope, refused);
        }
        return true;
    }

    /** A pod that need not exist: that there is none is an answer, too. */
    private static PodKey imagined(PodScope scope) {
        return new PodKey(scope.namespace().isEmpty() ? "default" : scope.namespace(), "agent-reaper-check");
    }

    /** @param refused what can't be done with the pods, and why */
    private void failed(PodScope scope, Map<String, KubernetesException> refused) {
        results.accept(new Check(
                NAME,
                null,
                refused.entrySet().stream()
                        .map(each -> "%s can't be %s: %s"
                                .formatted(
                                        scope,
                                        each.getKey(),
                                        each.getValue().problem().what()))
                        .collect(joining(" ")),
                refused.values().stream()
                        .map(each ->
                                each.refusedUser() == null ? each.problem().cure() : rights(scope, each.refusedUser()))
                        .distinct()
                        .collect(joining(" Then "))));
    }

    /** Commands that grant what is missing to the user whom the API server has just refused, and may be given again. */
    private static String rights(PodScope scope, String user) {
        Matcher account = SERVICE_ACCOUNT.matcher(user);
        String subject = account.matches() ? "--serviceaccount=" + account.group(1) : "--user=" + user;
        boolean all = scope.namespace().isEmpty();
        String kind = all ? "clusterrole" : "role";
        String where = all ? "" : " -n " + scope.namespace();
        String role = "kubectl create %s agent-reaper-pods --verb=get,list,watch --resource=pods".formatted(kind);
        String binding =
                "kubectl create %1$sbinding agent-reaper-pods --%1$s=agent-reaper-pods %2$s".formatted(kind, subject);
        return Stream.of(role, binding)
                .map(create -> create + where + " --dry-run=client -o yaml | kubectl auth reconcile" + where + " -f -")
                .collect(joining(" && "));
    }
}
