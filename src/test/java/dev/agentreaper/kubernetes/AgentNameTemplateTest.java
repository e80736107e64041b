package dev.agentreaper.kubernetes;

import static dev.agentreaper.kubernetes.PodJson.pod;
import static dev.agentreaper.kubernetes.PodJson.source;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodAgent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentNameTemplateTest {
    private static final String METADATA = "metadata: {name: pod-1, namespace: ci, uid: uid-1,"
            + " labels: {app: builder, 'a.b/c': d}, annotations: {agent: annotated, empty: ''}}";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            given                                   | [{name: AZP_AGENT_NAME, value: builder-1}] | builder-1
            given with other case                   | [{name: AZP_AGENT_NAME, value: Builder-1}] | Builder-1
            given but empty                         | [{name: AZP_AGENT_NAME, value: ''}] | pod-1
            given with no value                     | [{name: AZP_AGENT_NAME}] | pod-1
            given as null                           | [{name: AZP_AGENT_NAME, value: null}] | pod-1
            empty by an empty variable              | [{name: A, value: ''}, {name: AZP_AGENT_NAME, value: $(A)}] | pod-1
            the later of two                        | [{name: AZP_AGENT_NAME, value: a}, {name: AZP_AGENT_NAME, value: b}] | b
            with a variable                         | [{name: A, value: a}, {name: AZP_AGENT_NAME, value: x-$(A)-y}] | x-a-y
            with a variable of a variable           | [{name: A, value: a}, {name: B, value: $(A)b}, {name: AZP_AGENT_NAME, value: $(B)c}] | abc
            with the value of a variable so far     | [{name: A, value: a}, {name: AZP_AGENT_NAME, value: $(A)}, {name: A, value: b}] | a
            with what it was before                 | [{name: AZP_AGENT_NAME, value: a}, {name: AZP_AGENT_NAME, value: $(AZP_AGENT_NAME)b}] | ab
            with a dollar sign                      | [{name: AZP_AGENT_NAME, value: a$$b}] | a$b
            with no reference, for it is escaped    | [{name: A, value: a}, {name: AZP_AGENT_NAME, value: $$(A)}] | $(A)
            with a dollar sign before a reference   | [{name: A, value: a}, {name: AZP_AGENT_NAME, value: $$$(A)}] | $a
            with a reference that is not closed     | [{name: AZP_AGENT_NAME, value: a$(A}] | a$(A
            with a shell's reference                | [{name: A, value: a}, {name: AZP_AGENT_NAME, value: '${A}$A$'}] | ${A}$A$
            with a dollar sign out of a variable    | [{name: A, value: $$(B)}, {name: AZP_AGENT_NAME, value: $(A)}] | $(B)
            a pod's name                            | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}] | pod-1
            a pod's namespace                       | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}] | ci
            a pod's UID                             | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}] | uid-1
            a node's name                           | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}] | node-1
            a service account's name                | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}}] | sa-1
            a node's address                        | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}] | 10.0.0.1
            a pod's address                         | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: status.podIP}}}] | 10.1.0.1
            a label                                 | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: "metadata.labels['a.b/c']"}}}] | d
            a label that is not there               | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: "metadata.labels['x']"}}}] | pod-1
            an annotation                           | [{name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['agent']"}}}] | annotated
            not given                               | [{name: AZP_POOL, value: linux}] | pod-1
            not given, nor anything else            | [] | pod-1
            not given, for there is no env          | null | pod-1
            another is from a Secret                | [{name: AZP_TOKEN, valueFrom: {secretKeyRef: {name: s}}}, {name: AZP_AGENT_NAME, value: a}] | a
            a Secret's but given later              | [{name: AZP_AGENT_NAME, valueFrom: {secretKeyRef: {name: s}}}, {name: AZP_AGENT_NAME, value: a}] | a
            """)
    void theAgentIsNamedByItsVariableElseByItsHost(String is, String env, String name) {
        String pod = bound("containers: [{env: %s}]".formatted(env));

        assertThat(agent("{agent}", pod)).as(is).isEqualTo(new PodAgent.Named(new AgentName(name)));
        assertThat(((PodAgent.Named) agent("{agent}", pod)).name().value()).isEqualTo(name);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            from a Secret             | {name: AZP_AGENT_NAME, valueFrom: {secretKeyRef: {name: s, key: k}}} | Secret
            from a ConfigMap          | {name: AZP_AGENT_NAME, valueFrom: {configMapKeyRef: {name: c, key: k}}} | ConfigMap
            from a resource           | {name: AZP_AGENT_NAME, valueFrom: {resourceFieldRef: {resource: limits.cpu}}} | AZP_AGENT_NAME
            from what is yet to come  | {name: AZP_AGENT_NAME, valueFrom: {fileKeyRef: {path: p}}} | AZP_AGENT_NAME
            a field we do not read    | {name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: status.podIPs}}} | status.podIPs
            with an unknown variable  | {name: AZP_AGENT_NAME, value: a-$(B)} | $(B)
            with a later variable     | {name: AZP_AGENT_NAME, value: a-$(B)}, {name: B, value: b} | $(B)
            with a Secret's variable  | {name: S, valueFrom: {secretKeyRef: {name: s}}}, {name: AZP_AGENT_NAME, value: $(S)} | Secret
            a Secret's after a value  | {name: AZP_AGENT_NAME, value: a}, {name: AZP_AGENT_NAME, valueFrom: {secretKeyRef: {name: s}}} | Secret
            """)
    void aNameThatComesFromElsewhereCannotBeToldOnceThePodIsBound(String is, String env, String why) {
        String containers = "containers: [{env: [%s]}]".formatted(env);

        assertThat(agent("{agent}", bound(containers)))
                .isInstanceOfSatisfying(
                        PodAgent.Unmapped.class,
                        agent -> assertThat(agent.why()).as(is).contains(why));
        assertThat(agent("{agent}", unbound(containers))).isEqualTo(new PodAgent.NotYet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec.nodeName", "status.hostIP", "status.podIP"})
    void anAgentHasNoNameYetWhileItsPodLacksTheFieldThatNamesIt(String field) {
        String spec =
                "containers: [{env: [{name: A, valueFrom: {fieldRef: {fieldPath: %s}}}, {name: AZP_AGENT_NAME, value: a-$(A)}]}]"
                        .formatted(field);

        assertThat(agent("{agent}", unbound(spec))).isEqualTo(new PodAgent.NotYet());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            the first                                | [{env: [{name: A, value: a}]}, {env: [{name: A, value: b}]}] | a
            the first that names the agent           | [{env: [{name: A, value: a}]}, {env: [{name: A, value: b}, {name: AZP_AGENT_NAME}]}] | b
            the first that names the organization    | [{env: [{name: A, value: a}]}, {env: [{name: A, value: b}, {name: AZP_URL}]}] | b
            the first that names the pool            | [{}, {env: null}, {env: [{name: A, value: b}, {name: AZP_POOL}]}] | b
            the first of two                         | [{env: [{name: A, value: a}, {name: AZP_URL}]}, {env: [{name: A, value: b}, {name: AZP_AGENT_NAME}]}] | a
            the first, for a token is no sign        | [{env: [{name: A, value: a}]}, {env: [{name: A, value: b}, {name: AZP_TOKEN}]}] | a
            """)
    void theAgentContainerIsTheOneThatNamesAVariableOfTheAgent(String is, String containers, String name) {
        assertThat(agent("{env:A}", bound("containers: " + containers)))
                .as(is)
                .isEqualTo(new PodAgent.Named(new AgentName(name)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"containers: null", "containers: []", "containers: {}", "containers: [null, {env: {}}]", "a: 0"})
    void aPodWithNoContainerOrEnvIsNamedByItsHost(String spec) {
        assertThat(agent("{agent}", bound(spec))).isEqualTo(new PodAgent.Named(new AgentName("pod-1")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a: 0                                                     | pod-1
            hostname: ''                                             | pod-1
            hostname: host-1                                         | host-1
            hostname: host-1, subdomain: agents                      | host-1
            hostname: host-1, setHostnameAsFQDN: true                | host-1
            setHostnameAsFQDN: true, subdomain: ''                   | pod-1
            setHostnameAsFQDN: false, subdomain: agents              | pod-1
            hostname: host-1, hostnameOverride: over-1               | over-1
            hostnameOverride: over.example.com, subdomain: agents    | over.example.com
            hostNetwork: true, hostname: host-1                      | node-1
            hostNetwork: true, hostnameOverride: over-1              | node-1
            hostNetwork: true, setHostnameAsFQDN: true, subdomain: a | node-1
            hostNetwork: false, hostname: host-1                     | host-1
            """)
    void theHostIsNamedAsTheKubeletNamesIt(String spec, String name) {
        assertThat(agent("{hostname}", bound(spec))).isEqualTo(new PodAgent.Named(new AgentName(name)));
        assertThat(agent("{agent}", bound(spec))).isEqualTo(new PodAgent.Named(new AgentName(name)));
    }

    @ParameterizedTest
    @CsvSource({"63, 63", "64, 63", "253, 63"})
    void aHostsNameIsCutTo63Characters(int length, int kept) {
        String name = "a".repeat(length);

        assertThat(hostname(name)).isEqualTo("a".repeat(kept));
        assertThat(agent("{hostname}", bound("hostname: " + name)))
                .isEqualTo(new PodAgent.Named(new AgentName("a".repeat(kept))));
        assertThat(agent("{pod}", "{metadata: {namespace: ci, name: %s}}".formatted(name)))
                .isEqualTo(new PodAgent.Named(new AgentName(name)));
    }

    @Test
    void ofACutNameTrailingDashesAndDotsAreDropped() {
        assertThat(hostname("a".repeat(60) + "-.-b")).isEqualTo("a".repeat(60));
        assertThat(hostname("a".repeat(61) + "-" + "b".repeat(9))).isEqualTo("a".repeat(61) + "-b");
    }

    @Test
    void onANodesNetworkAnAgentHasNoNameUntilItsPodIsBound() {
        assertThat(agent("{agent}", unbound("hostNetwork: true"))).isEqualTo(new PodAgent.NotYet());
        assertThat(agent("{hostname}-x", unbound("hostNetwork: true, hostname: a")))
                .isEqualTo(new PodAgent.NotYet());
    }

    @Test
    void aFullyQualifiedHostNameCannotBeToldOnceThePodIsBound() {
        String spec = "setHostnameAsFQDN: true, subdomain: agents";

        assertThat(agent("{agent}", bound(spec)))
                .isInstanceOfSatisfying(
                        PodAgent.Unmapped.class,
                        agent -> assertThat(agent.why()).contains("setHostnameAsFQDN"));
        assertThat(agent("{agent}", unbound(spec))).isEqualTo(new PodAgent.NotYet());
        assertThat(agent("{agent}", bound(spec + ", containers: [{env: [{name: AZP_AGENT_NAME, value: a}]}]")))
                .isEqualTo(new PodAgent.Named(new AgentName("a")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {pod}                              | pod-1
            {namespace}-{pod}                  | ci-pod-1
            x{namespace}y{hostname}z           | xciyhost-1z
            {label:app}                        | builder
            {label:a.b/c}-{annotation:agent}   | d-annotated
            {env:A}{env:A}                     | aa
            {env:EMPTY}{pod}                   | pod-1
            {agent}.{label:app}                | named.builder
            """)
    void aTemplateIsFilledPartByPart(String template, String name) {
        String spec = "hostname: host-1, containers: [{env: [{name: A, value: a}, {name: EMPTY, value: ''},"
                + " {name: AZP_AGENT_NAME, value: named}]}]";

        assertThat(agent(template, bound(spec))).isEqualTo(new PodAgent.Named(new AgentName(name)));
        assertThat(AgentNameTemplate.parse(template))
                .hasToString(template)
                .isEqualTo(AgentNameTemplate.parse(template))
                .isNotEqualTo(AgentNameTemplate.parse(template + "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{label:x}", "{annotation:x}", "{annotation:empty}", "{env:X}", "{env:EMPTY}", "{pod}{label:x}"})
    void aNameThatLacksAPartCannotBeToldOnceThePodIsBound(String template) {
        String spec = "containers: [{env: [{name: EMPTY, value: ''}]}]";

        assertThat(agent(template, bound(spec))).isInstanceOf(PodAgent.Unmapped.class);
        assertThat(agent(template, unbound(spec))).isEqualTo(new PodAgent.NotYet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{agent}", "{annotation:agent}"})
    void aNameThatIsLongBeyondReasonIsNoneAndIsNotKept(String template) {
        String spec = "containers: [{env: [{name: AZP_AGENT_NAME, value: '%s'}]}]".formatted("x".repeat(20_000));
        String pod = bound(spec).replace("annotated", "x".repeat(1_001));

        assertThat(agent(template, pod))
                .isInstanceOfSatisfying(
                        PodAgent.Unmapped.class,
                        unmapped -> assertThat(unmapped.why())
                                .contains("characters")
                                .hasSizeLessThan(200));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''           | no part
            agent        | no part
            {}           | {
            {Agent}      | {
            {agent       | {
            {agent}}     | }
            {pod}-{Pod}  | {
            {label:}     | {
            {label:a{b}} | {
            {label}      | {label} lacks its key: {label:KEY}
            {env}        | {env} lacks its key: {env:KEY}
            {annotation} | {annotation} lacks its key: {annotation:KEY}
            {pod:x}      | {pod} takes no key
            {node}       | {node} is not known
            {node:x}     | {node} takes no key
            """)
    void aTemplateThatIsNoneIsRefusedInWords(String template, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AgentNameTemplate.parse(template))
                .withMessageContaining(why);
    }

    private static String hostname(String podName) {
        String pod = "{metadata: {namespace: ci, name: '%s'}, spec: {nodeName: node-1}}".formatted(podName);
        return ((PodAgent.Named) agent("{hostname}", pod)).name().value();
    }

    private static PodAgent agent(String template, String pod) {
        return source(template).pod(pod(pod)).agent();
    }

    private static String bound(String spec) {
        return "{%s, spec: {nodeName: node-1, serviceAccountName: sa-1, %s}, status: {hostIP: 10.0.0.1, podIP: 10.1.0.1}}"
                .formatted(METADATA, spec);
    }

    private static String unbound(String spec) {
        return "{%s, spec: {%s}}".formatted(METADATA, spec);
    }
}
