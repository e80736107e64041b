package dev.agentreaper.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.agentreaper.decision.PodKey;
import dev.agentreaper.kubernetes.access.KubernetesClient;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are well formed, and are not to what was asked. */
class OddAnswersTest {
    private static final PodScope SCOPE = new PodScope("", "app=agent");

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final KubernetesApi api = new KubernetesApi(KubernetesClient.connect(
            cluster.kubeconfig().toString(), Map.of(), Path.of("/none"), "test", InstantSource.system(), _ -> {}));

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void thatAnotherPodHasEndedSaysNothingOfThisOne() {
        cluster.fail(KubernetesOperation.GET, answer(200, """
                {"kind":"Pod","metadata":{"namespace":"ci","name":"b"},"status":{"phase":"Succeeded"}}"""));

        assertThatIOException().isThrownBy(() -> api.get(new PodKey("ci", "a"))).withMessageContaining("ci/b");
    }

    @ParameterizedTest
    @CsvSource({"ci,.", "ci,..", "..,a", ".,.", "ci,''"})
    void aNameThatLeadsElsewhereIsNotAskedFor(String namespace, String name) {
        assertThatIOException().isThrownBy(() -> api.get(new PodKey(namespace, name)));
        assertThat(cluster.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/../b", "a?watch=true", "a#b", "%2e%2e", "a b+c", "\n"})
    void anyOtherNameIsOnePartOfThePath(String name) {
        assertThatIOException().isThrownBy(() -> {
            if (api.get(new PodKey("ci", name)) == null) {
                throw new IOException("not found, as it should be");
            }
        });
        assertThat(cluster.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.path()).isEqualTo("/api/v1/namespaces/ci/pods/" + name));
    }

    @Test
    void aRedirectIsNotFollowed() {
        cluster.fail(
                KubernetesOperation.LIST,
                new KubernetesFault.Answer(302, Map.of("Location", cluster.url() + "/elsewhere"), ""));

        assertThatIOException()
                .isThrownBy(() -> api.list(SCOPE, _ -> {}))
                .withMessageContaining("HTTP 302")
                .withMessageContaining("no proxy's");
        assertThat(cluster.requests()).hasSize(1);
    }

    @Test
    void aListThatGoesOnWithTheSamePageEnds() {
        KubernetesFault page = answer(200, """
                {"kind":"PodList","metadata":{"resourceVersion":"1","continue":"again"},"items":[]}""");
        cluster.fail(KubernetesOperation.LIST, page);
        cluster.fail(KubernetesOperation.LIST_CONTINUE, page);

        assertThatIOException().isThrownBy(() -> api.list(SCOPE, _ -> {})).withMessageContaining("it has just given");
        assertThat(cluster.requests()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<html>Welcome</html> | it is no JSON",
                "[] | BEGIN_OBJECT",
                "{} | is not a list of pods",
                "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{}]} | a pod without",
            })
    void whatIsNoListIsToldOfAsSuchAndNotAsNoAnswer(String body, String why) {
        cluster.fail(KubernetesOperation.LIST, answer(200, body));

        assertThatIOException()
                .isThrownBy(() -> api.list(SCOPE, _ -> {}))
                .withMessageStartingWith("what answers at " + cluster.url() + " is not the Kubernetes API (")
                .withMessageContaining(why)
                .withMessageContaining("see whether a proxy answers");
    }

    @Test
    void whatIsNoListIsToldOfWithoutTheLineEndsInIt() {
        cluster.fail(KubernetesOperation.LIST, answer(200, """
                {"kind":"PodList","items":[{"metadata":{"labels":{"a\\nINFO  removed":"x"},"name":"""));

        assertThatIOException()
                .isThrownBy(() -> api.list(SCOPE, _ -> {}))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private static KubernetesFault answer(int status, String body) {
        return new KubernetesFault.Answer(status, Map.of("Content-Type", "application/json"), body);
    }
}
