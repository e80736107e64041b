package dev.agentreaper.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.Yaml;

/** That each rule can fail, so that {@link ManifestsTest} can. */
class RestrictedPodSecurityTest {
    private static final String SOUND = """
            securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
            volumes: [{name: a, configMap: {name: a}}]
            containers:
              - ports: [{containerPort: 8080}]
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """;

    @ParameterizedTest
    @EnumSource
    void aSoundPodKeepsIt(RestrictedPodSecurity rule) {
        assertThat(rule.isKept(spec(SOUND))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            HOST_PROCESS         | runAsNonRoot: true      | runAsNonRoot: true, windowsOptions: {hostProcess: true}
            HOST_NAMESPACES      | volumes:                | hostNetwork: true\\nvolumes:
            HOST_NAMESPACES      | volumes:                | hostPID: true\\nvolumes:
            HOST_NAMESPACES      | volumes:                | hostIPC: true\\nvolumes:
            PRIVILEGED_CONTAINERS | allowPrivilegeEscalation: false | allowPrivilegeEscalation: false, privileged: true
            CAPABILITIES         | drop: [ALL]             | drop: [NET_RAW]
            CAPABILITIES         | drop: [ALL]             | drop: [ALL], add: [NET_ADMIN]
            VOLUME_TYPES         | configMap: {name: a}    | hostPath: {path: /}
            HOST_PORTS           | containerPort: 8080     | containerPort: 8080, hostPort: 8080
            APP_ARMOR            | runAsNonRoot: true      | runAsNonRoot: true, appArmorProfile: {type: Unconfined}
            SELINUX              | drop: [ALL]}            | drop: [ALL]}, seLinuxOptions: {role: r}
            PROC_MOUNT           | drop: [ALL]}            | drop: [ALL]}, procMount: Unmasked
            SYSCTLS              | runAsNonRoot: true      | runAsNonRoot: true, sysctls: [{name: kernel.msgmax}]
            PRIVILEGE_ESCALATION | allowPrivilegeEscalation: false, | ''
            PRIVILEGE_ESCALATION | allowPrivilegeEscalation: false | allowPrivilegeEscalation: true
            RUN_AS_NON_ROOT      | runAsNonRoot: true,     | ''
            RUN_AS_NON_ROOT      | drop: [ALL]}            | drop: [ALL]}, runAsNonRoot: false
            RUN_AS_USER          | drop: [ALL]}            | drop: [ALL]}, runAsUser: 0
            SECCOMP              | type: RuntimeDefault    | type: Unconfined
            SECCOMP              | drop: [ALL]}            | drop: [ALL]}, seccompProfile: {type: Unconfined}
            """)
    void anUnsoundPodBreaksItAlone(RestrictedPodSecurity rule, String sound, String unsound) {
        String broken = SOUND.replace(sound, unsound.replace("\\n", "\n"));
        assertThat(broken).isNotEqualTo(SOUND);

        assertThat(brokenRules(spec(broken))).containsExactly(rule);
    }

    @Test
    void eachRuleHasSuchAPod() throws NoSuchMethodException {
        String table = RestrictedPodSecurityTest.class
                .getDeclaredMethod("anUnsoundPodBreaksItAlone", RestrictedPodSecurity.class, String.class, String.class)
                .getAnnotation(CsvSource.class)
                .textBlock();

        assertThat(RestrictedPodSecurity.values()).allMatch(rule -> table.contains(rule.name() + " "));
    }

    private static Set<RestrictedPodSecurity> brokenRules(JsonNode spec) {
        return Arrays.stream(RestrictedPodSecurity.values())
                .filter(rule -> !rule.isKept(spec))
                .collect(Collectors.toSet());
    }

    private static JsonNode spec(String yaml) {
        return Kubectl.json(new Yaml().load(yaml));
    }
}
