package dev.agentreaper.check;

import dev.agentreaper.decision.PodKey;
import dev.agentreaper.health.Problem;
import dev.agentreaper.kubernetes.KubernetesApi;
import dev.agentreaper.kubernetes.PodFacts;
import dev.agentreaper.kubernetes.PodScope;
import dev.agentreaper.kubernetes.PodStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether the Kubernetes API lets us do what we need: list, watch and get the pods of a scope. */
final class ClusterChecks {
    private static final String NAME = "kubernetes";
    private static final Pattern USER = Pattern.compile("User \"([\\w:.@-]+)\"");
    private static final Pattern SERVICE_ACCOUNT = Pattern.compile("system:serviceaccount:([^:]+:[^:]+)");

    private final KubernetesApi api;
    private final Consumer<Check> results;

    ClusterChecks(KubernetesApi api, Consumer<Check> results) {
        this.api = api;
        this.results = results;
    }

    /** @return the pods of the scope; null if they can't be listed */
    @Nullable
    List<PodFacts> of(PodScope scope) throws InterruptedException {
        List<PodFacts> pods = new ArrayList<>();
        String version;
        try {
            version = api.list(scope, pods::add);
        } catch (IOException | RuntimeException e) {
            failed(scope, "listed", e);
            return null;
        }
        boolean granted = true;
        try (PodStream _ = api.watch(scope, version, Duration.ofSeconds(1), call -> {})) {
            // That it was answered is all there is to see.
        } catch (IOException | RuntimeException e) {
            granted = false;
            failed(scope, "watched", e);
        }
        try {
            api.hasLivePod(pods.isEmpty() ? imagined(scope) : pods.getFirst().key());
        } catch (IOException | RuntimeException e) {
            granted = false;
            failed(scope, "read one by one", e);
        }
        if (granted) {
            results.accept(Check.passed(
                    NAME, null, "%s can be listed, watched and read: %d there".formatted(scope, pods.size())));
        }
        return pods;
    }

    /** A pod that need not exist: that there is none is an answer, too. */
    private static PodKey imagined(PodScope scope) {
        return new PodKey(scope.namespace().isEmpty() ? "default" : scope.namespace(), "agent-reaper-check");
    }

    private void failed(PodScope scope, String what, Exception e) {
        Problem problem = api.problem(e);
        results.accept(new Check(
                NAME,
                null,
                "%s can't be %s: %s".formatted(scope, what, problem.what()),
                problem.kind().equals("HTTP 403") ? rights(scope, problem) : problem.cure()));
    }

    /** The commands that grant what is missing to the user whom the API server has just refused. */
    private static String rights(PodScope scope, Problem problem) {
        Matcher user = USER.matcher(problem.what());
        if (!user.find()) {
            return problem.cure();
        }
        Matcher account = SERVICE_ACCOUNT.matcher(user.group(1));
        String subject = account.matches() ? "--serviceaccount=" + account.group(1) : "--user=" + user.group(1);
        boolean all = scope.namespace().isEmpty();
        String kind = all ? "clusterrole" : "role";
        String where = all ? "" : " -n " + scope.namespace();
        return ("kubectl create %s agent-reaper-pods --verb=get,list,watch --resource=pods%s && kubectl create %sbinding"
                        + " agent-reaper-pods --%s=agent-reaper-pods %s%s")
                .formatted(kind, where, kind, kind, subject, where);
    }
}
