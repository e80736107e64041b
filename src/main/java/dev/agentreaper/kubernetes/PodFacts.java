package dev.agentreaper.kubernetes;

import dev.agentreaper.decision.PodKey;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a pod that tell what it is to us, as the API server sent them; read once and dropped.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/">Pod v1</a>
 */
public record PodFacts(PodKey key, String uid, Metadata metadata, Spec spec, Status status) {

    /** The same, with another value of each label and annotation, be it there or not: these may change while it runs. */
    PodFacts withOtherLabels() {
        Map<String, String> others = new AnyKey();
        return new PodFacts(key, uid, new Metadata(others, others, metadata.deletionTimestamp()), spec, status);
    }

    private static final class AnyKey extends AbstractMap<String, String> {
        /** None that a label or an annotation has. */
        private static final String VALUE = "\0";

        @Override
        public String get(@Nullable Object key) {
            return VALUE;
        }

        @Override
        public Set<Entry<String, String>> entrySet() {
            return Set.of();
        }
    }

    public record Metadata(
            Map<String, String> labels,
            Map<String, String> annotations,
            @Nullable Instant deletionTimestamp) {}

    public record Spec(
            @Nullable String nodeName,
            @Nullable String hostname,
            @Nullable String hostnameOverride,
            @Nullable String subdomain,
            @Nullable String serviceAccountName,
            boolean hostNetwork,
            boolean setHostnameAsFqdn,
            List<Container> containers) {}

    public record Status(
            @Nullable String phase,
            @Nullable Instant startTime,
            @Nullable String hostIp,
            @Nullable String podIp) {

        public boolean ended() {
            return "Succeeded".equals(phase) || "Failed".equals(phase);
        }
    }

    public record Container(List<EnvVar> env) {}

    /**
     * One variable of a container, as its spec has it.
     *
     * @param value where it is given there; may hold {@code $(VAR)} references
     * @param fieldPath where it is a reference to a field of the pod
     * @param elsewhere it comes from a Secret, a ConfigMap or the like, which we do not read
     */
    public record EnvVar(
            String name, @Nullable String value, @Nullable String fieldPath, boolean elsewhere) {}
}
