package dev.agentreaper.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules of the pod security standard «restricted», those of «baseline» among them; see
 * https://kubernetes.io/docs/concepts/security/pod-security-standards. Each says whether a pod's spec keeps it.
 */
enum RestrictedPodSecurity {
    HOST_PROCESS(spec -> securityContexts(spec)
            .noneMatch(context ->
                    context.path("windowsOptions").path("hostProcess").asBoolean())),
    HOST_NAMESPACES(spec -> Stream.of("hostNetwork", "hostPID", "hostIPC")
            .noneMatch(field -> spec.path(field).asBoolean())),
    PRIVILEGED_CONTAINERS(spec -> securityContexts(spec)
            .noneMatch(context -> context.path("privileged").asBoolean())),
    CAPABILITIES(spec -> ofContainers(spec)
            .map(context -> context.path("capabilities"))
            .allMatch(capabilities -> texts(capabilities.path("drop")).contains("ALL")
                    && Set.of("NET_BIND_SERVICE").containsAll(texts(capabilities.path("add"))))),
    VOLUME_TYPES(spec -> spec.path("volumes")
            .valueStream()
            .allMatch(volume -> volume.propertyStream()
                    .map(Map.Entry::getKey)
                    .filter(key -> !key.equals("name"))
                    .allMatch(Set.of(
                            "configMap",
                            "csi",
                            "downwardAPI",
                            "emptyDir",
                            "ephemeral",
                            "persistentVolumeClaim",
                            "projected",
                            "secret")::contains))),
    HOST_PORTS(spec -> containers(spec)
            .flatMap(container -> container.path("ports").valueStream())
            .noneMatch(port -> port.path("hostPort").asInt() != 0)),
    APP_ARMOR(spec -> securityContexts(spec)
            .map(context -> context.path("appArmorProfile").path("type").asText("RuntimeDefault"))
            .allMatch(Set.of("RuntimeDefault", "Localhost")::contains)),
    SELINUX(spec -> securityContexts(spec).noneMatch(context -> context.has("seLinuxOptions"))),
    PROC_MOUNT(spec -> ofContainers(spec)
            .allMatch(context -> context.path("procMount").asText("Default").equals("Default"))),
    SYSCTLS(spec -> spec.path("securityContext").path("sysctls").isEmpty()),
    PRIVILEGE_ESCALATION(spec -> ofContainers(spec)
            .allMatch(context -> context.has("allowPrivilegeEscalation")
                    && !context.path("allowPrivilegeEscalation").asBoolean())),
    RUN_AS_NON_ROOT(spec -> inEveryContainer(spec, "runAsNonRoot", JsonNode::asBoolean)),
    RUN_AS_USER(spec ->
            securityContexts(spec).allMatch(context -> context.path("runAsUser").asInt(1) != 0)),
    SECCOMP(spec -> inEveryContainer(
            spec,
            "seccompProfile",
            profile -> Set.of("RuntimeDefault", "Localhost")
                    .contains(profile.path("type").asText())));

    @SuppressWarnings("ImmutableEnumChecker") // A rule keeps no state.
    private final Predicate<JsonNode> rule;

    RestrictedPodSecurity(Predicate<JsonNode> rule) {
        this.rule = rule;
    }

    boolean isKept(JsonNode podSpec) {
        return rule.test(podSpec);
    }

    /** What the pod says holds for each container that does not say otherwise. */
    private static boolean inEveryContainer(JsonNode spec, String field, Predicate<JsonNode> rule) {
        JsonNode ofPod = spec.path("securityContext").path(field);
        return ofContainers(spec)
                .map(context -> context.path(field))
                .allMatch(own -> rule.test(own.isMissingNode() ? ofPod : own));
    }

    private static Stream<JsonNode> securityContexts(JsonNode spec) {
        return Stream.concat(Stream.of(spec.path("securityContext")), ofContainers(spec));
    }

    private static Stream<JsonNode> ofContainers(JsonNode spec) {
        return containers(spec).map(container -> container.path("securityContext"));
    }

    private static Stream<JsonNode> containers(JsonNode spec) {
        return Stream.of("containers", "initContainers", "ephemeralContainers")
                .flatMap(kind -> spec.path(kind).valueStream());
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
