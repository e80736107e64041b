package dev.agentreaper.kubernetes;

import static dev.agentreaper.kubernetes.PodJson.pod;
import static dev.agentreaper.kubernetes.PodJson.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodAgent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSourceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {name: AZP_PLACEHOLDER, value: 1}                                       | true
            {name: AZP_PLACEHOLDER, value: ''}                                      | true
            {name: AZP_PLACEHOLDER, valueFrom: {configMapKeyRef: {name: c}}}        | true
            {name: AZP_TEMPLATE_JOB, value: "1"}                                      | true
            {name: A, value: "1"}, {name: AZP_TEMPLATE_JOB, value: $(A)}              | true
            {name: AZP_TEMPLATE_JOB, value: "0"}                                      | false
            {name: AZP_POOL, value: linux}                                          | false
            """)
    void aPlaceholderIsToldByItsEnv(String env, boolean placeholder) {
        String json = "{metadata: {name: pod-1, namespace: ci}, spec: {containers: [{env: [%s]}]}}".formatted(env);

        assertThat(source("{agent}").pod(pod(json)).placeholder()).isEqualTo(placeholder);
    }

    @Test
    void theRestOfThePodIsTakenAsItIs() {
        var pod = source("{agent}").pod(pod(PodJson.FULL));

        assertThat(pod.key()).hasToString("ci/agent-7d9f-x2x4z");
        assertThat(pod.uid()).isEqualTo("0d6c7b1e-5c3b-4f0a-9d5e-0a6a2f9a2d11");
        assertThat(pod.agent()).isEqualTo(new PodAgent.Named(new AgentName("ci-agent-7d9f-x2x4z")));
        assertThat(pod.ended()).isFalse();
        assertThat(pod.started()).isEqualTo(Instant.parse("2026-02-03T04:00:01Z"));
        assertThat(pod.endsBy()).isEqualTo(Instant.parse("2026-02-03T04:05:06Z"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # It is named by what can't change, so that it runs no other agent than this.
            {agent}       |              | {name: A, value: a}                                                                          | false
            {env:A}       |              | {name: A, value: b}                                                                          | false
            {env:A}       |              | {name: A, value: foo}                                                                        | true
            {agent}       | slot: foo    | {name: A, value: a}                                                                          | false
            # It is named by a label, which may have been another, or may have been there.
            {label:slot}  | slot: bar    | {name: A, value: a}                                                                          | true
            {label:slot}  |              | {name: A, value: a}                                                                          | true
            {agent}       | slot: bar    | {name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: "metadata.labels['slot']"}}}        | true
            {agent}       |              | {name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: "metadata.labels['slot']"}}}        | true
            {agent}       | slot: pod-1  | {name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: "metadata.labels['slot']"}}}        | true
            {agent}       |              | {name: AZP_AGENT_NAME, valueFrom: {fieldRef: {fieldPath: "metadata.annotations['slot']"}}}   | true
            # Its name can't be told.
            {env:A}       |              | {name: A, valueFrom: {secretKeyRef: {name: s, key: k}}}                                      | true
            # It waits for what its name is made of, so that its container has not started.
            {env:A}       |              | {name: A, valueFrom: {fieldRef: {fieldPath: status.podIP}}}                                  | false
            """)
    void whetherItMayHaveRegisteredAnAgentIsToldByWhatCanNotChange(
            String template, @Nullable String labels, String env, boolean mayHave) {
        String json =
                "{metadata: {name: pod-1, namespace: ci, labels: {%s}}, spec: {nodeName: n, containers: [{env: [%s]}]}}"
                        .formatted(labels == null ? "" : labels, env);

        assertThat(source(template).mayHaveRegistered(new AgentName("foo"), pod(json)))
                .isEqualTo(mayHave);
    }

    @ParameterizedTest
    @CsvSource({
        "Succeeded, true",
        "Failed, true",
        "Running, false",
        "Pending, false",
        "Unknown, false",
        "'', false",
        "null, false"
    })
    void onlyAPodThatSucceededOrFailedHasEnded(String phase, boolean ended) {
        String json = "{metadata: {name: pod-1, namespace: ci}, status: {phase: '%s'}}".formatted(phase);

        assertThat(source("{agent}").pod(pod(json)).ended()).isEqualTo(ended);
    }
}
