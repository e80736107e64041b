package dev.agentreaper.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the simulator has in common with a real API server. */
abstract class KubernetesClusterContractTest {
    private final String namespace = "test-" + UUID.randomUUID();
    final KubernetesCluster cluster;
    private final KubernetesApiClient client;

    KubernetesClusterContractTest(KubernetesCluster cluster) {
        this.cluster = cluster;
        this.client = new KubernetesApiClient(cluster);
    }

    @BeforeEach
    void createNamespace() {
        cluster.createNamespace(namespace);
    }

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void aPodIsPendingUntilItsStatusIsSet() {
        cluster.create(pod("a").label("app", "agent").env("AZP_POOL", "Default"));
        assertThat(cluster.pod(namespace, "a").orElseThrow().at("/status/phase").asText())
                .isEqualTo("Pending");

        cluster.patchStatus(namespace, "a", "Running", Instant.parse("2026-01-02T03:04:05Z"));

        JsonNode pod = client.get(pods() + "/a").success();
        assertThat(pod.path("kind").asText()).isEqualTo("Pod");
        assertThat(pod.at("/metadata/uid").asText()).isEqualTo(cluster.uid(namespace, "a"));
        assertThat(pod.at("/status/phase").asText()).isEqualTo("Running");
        assertThat(pod.at("/status/startTime").asText()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(pod.at("/spec/containers/0/env/0/value").asText()).isEqualTo("Default");
    }

    @Test
    void theSameNameAgainIsAnotherPod() {
        cluster.create(pod("a"));
        String uid = cluster.uid(namespace, "a");
        assertThatThrownBy(() -> cluster.create(pod("a"))).isInstanceOf(IllegalStateException.class);

        cluster.delete(namespace, "a");
        cluster.create(pod("a"));

        assertThat(cluster.uid(namespace, "a")).isNotEqualTo(uid);
    }

    @Test
    void theFurtherPagesOfAListAreOfTheSameMomentAsTheFirst() {
        List.of("a", "b", "c", "d", "e").forEach(name -> cluster.create(pod(name)));
        JsonNode first = list("limit=2");
        assertThat(first.at("/metadata/remainingItemCount").asInt()).isEqualTo(3);
        cluster.delete(namespace, "c");
        cluster.create(pod("f"));

        JsonNode second = list("limit=2&continue=" + encode(continueOf(first)));
        JsonNode third = list("limit=2&continue=" + encode(continueOf(second)));

        assertThat(names(first)).containsExactly("a", "b");
        assertThat(names(second)).containsExactly("c", "d");
        assertThat(names(third)).containsExactly("e");
        assertThat(continueOf(third)).isEmpty();
        assertThat(versionOf(second)).isEqualTo(versionOf(first));
        assertThat(names(list(""))).containsExactly("a", "b", "d", "e", "f");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            app=agent                    | web-agent
            app==agent,tier=web          | web-agent
            app!=agent                   | bare, job
            app in (agent, job)          | job, web-agent
            app notin (agent,job)        | bare
            app in (agent,job),tier      | web-agent
            app,!tier                    | job
            """)
    void aListHoldsWhatItsSelectorSays(String selector, String expected) {
        cluster.create(pod("bare"));
        cluster.create(pod("job").label("app", "job"));
        cluster.create(pod("web-agent").label("app", "agent").label("tier", "web"));

        assertThat(String.join(", ", names(list("labelSelector=" + encode(selector)))))
                .isEqualTo(expected);
    }

    @Test
    void aSelectorThatIsNoneIsABadRequest() {
        assertThat(client.get(pods() + "?labelSelector=" + encode("app in agent"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aListOfAllNamespacesHoldsEach() {
        String other = namespace + "-other";
        cluster.createNamespace(other);
        cluster.create(pod("a").label("test", namespace));
        cluster.create(KubernetesPod.of(other, "b").label("test", namespace));

        JsonNode all =
                client.get("/api/v1/pods?labelSelector=test%3D" + namespace).success();

        assertThat(names(all)).containsExactlyInAnyOrder("a", "b");
        assertThat(names(list(""))).containsExactly("a");
    }

    @Test
    void aWatchWithoutAVersionBeginsWithWhatIsThere() {
        cluster.create(pod("a"));
        var watch = watch("");
        cluster.create(pod("b"));
        watch.awaitSeen("ADDED a", "ADDED b");
    }

    @Test
    void aWatchGoesOnFromItsVersion() {
        cluster.create(pod("a"));
        String version = versionOf(list(""));
        cluster.patchStatus(namespace, "a", "Running", null);
        cluster.delete(namespace, "a");

        var watch = watch("resourceVersion=" + version);
        watch.awaitSeen("MODIFIED a", "MODIFIED a", "DELETED a");
        String afterFirst = versionOf(watch.awaitEvent(0).path("object"));

        watch("resourceVersion=" + afterFirst).awaitSeen("MODIFIED a", "DELETED a");
    }

    @Test
    void aDeletionAtOnceShowsThePodTerminatingAndThenDeleted() {
        cluster.create(pod("a"));
        var watch = watch("resourceVersion=" + versionOf(list("")));

        cluster.delete(namespace, "a");

        watch.awaitSeen("MODIFIED a", "DELETED a");
        assertThat(watch.awaitEvent(0).at("/object/metadata").has("deletionTimestamp"))
                .isTrue();
        JsonNode deleted = watch.awaitEvent(1).path("object");
        assertThat(deleted.path("kind").asText()).isEqualTo("Pod");
        assertThat(deleted.at("/metadata/deletionGracePeriodSeconds").asInt()).isZero();
        cluster.create(pod("b"));
        watch("resourceVersion=" + versionOf(deleted)).awaitSeen("ADDED b");
    }

    @Test
    void aPodThatLeavesTheSelectionIsDeletedInTheWatchAndStillThere() {
        cluster.create(pod("a").label("app", "agent"));
        var watch = watch("labelSelector=app%3Dagent&resourceVersion=" + versionOf(list("")));

        cluster.relabel(namespace, "a", Collections.singletonMap("app", null));
        watch.awaitSeen("DELETED a");
        assertThat(watch.awaitEvent(0).at("/object/metadata/labels/app").asText())
                .isEqualTo("agent");
        assertThat(client.get(pods() + "/a").status()).isEqualTo(200);

        cluster.relabel(namespace, "a", Map.of("app", "agent"));
        watch.awaitSeen("DELETED a", "ADDED a");
    }

    @Test
    void aDeletedPodIsNotFound() {
        cluster.create(pod("a"));
        cluster.delete(namespace, "a");

        var answer = client.get(pods() + "/a");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.json().path("kind").asText()).isEqualTo("Status");
        assertThat(answer.json().path("reason").asText()).isEqualTo("NotFound");
        assertThat(answer.json().at("/details/name").asText()).isEqualTo("a");
        assertThat(cluster.pod(namespace, "a")).isEmpty();
    }

    @Test
    void aPodWithANodeStaysWhileItTerminates() {
        cluster.create(pod("a").node("node-1"));
        var watch = watch("resourceVersion=" + versionOf(list("")));

        cluster.deleteGracefully(namespace, "a", Duration.ofMinutes(5));

        watch.awaitSeen("MODIFIED a");
        JsonNode pod = cluster.pod(namespace, "a").orElseThrow();
        assertThat(Instant.parse(pod.at("/metadata/deletionTimestamp").asText()))
                .isAfter(Instant.now().plusSeconds(200));
        assertThat(pod.at("/metadata/deletionGracePeriodSeconds").asInt()).isEqualTo(300);
        cluster.delete(namespace, "a");
        watch.awaitSeen("MODIFIED a", "MODIFIED a", "DELETED a");
    }

    @Test
    void nobodyWaitsForAPodWithoutANodeOrOneThatHasEnded() {
        cluster.create(pod("waiting"));
        cluster.create(pod("ended").node("node-1"));
        cluster.patchStatus(namespace, "ended", "Succeeded", null);

        cluster.deleteGracefully(namespace, "waiting", Duration.ofMinutes(5));
        cluster.deleteGracefully(namespace, "ended", Duration.ofMinutes(5));

        assertThat(names(list(""))).isEmpty();
    }

    @Test
    void aWatchEndsCompleteWhenItsTimeIsOver() {
        var watch = watch("timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=" + versionOf(list("")));
        assertThat(watch.awaitEnd()).isCompleted();
        assertThat(watch.seen()).isEmpty();
    }

    @Test
    void aWatchFromAFutureVersionIsSilent() {
        long future = Long.parseLong(versionOf(list(""))) + 100_000;
        var watch = watch("timeoutSeconds=1&resourceVersion=" + future);
        cluster.create(pod("a"));
        assertThat(watch.awaitEnd()).isCompleted();
        assertThat(watch.status()).isEqualTo(200);
        assertThat(watch.seen()).isEmpty();
    }

    @Test
    void aListOfAFutureVersionTimesOut() {
        long future = Long.parseLong(versionOf(list(""))) + 100_000;
        var answer = client.get(pods() + "?resourceVersion=" + future);
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.body()).contains("Too large resource version", "ResourceVersionTooLarge");
    }

    @Test
    void afterACompactionAnOldVersionIsExpired() {
        List.of("a", "b", "c").forEach(name -> cluster.create(pod(name)));
        JsonNode first = list("limit=2");
        cluster.delete(namespace, "a");
        cluster.delete(namespace, "c");

        cluster.compact();

        var next = client.get(pods() + "?limit=2&continue=" + encode(continueOf(first)));
        assertThat(next.status()).isEqualTo(410);
        assertThat(next.json().path("reason").asText()).isEqualTo("Expired");
        JsonNode inconsistentRest = list("limit=2&continue=" + encode(continueOf(next.json())));
        assertThat(names(inconsistentRest)).isEmpty();

        var watch = watch("resourceVersion=" + versionOf(first));
        assertThat(watch.status()).isEqualTo(200);
        assertThat(watch.awaitEvent(0).path("type").asText()).isEqualTo("ERROR");
        assertThat(watch.awaitEvent(0).at("/object/code").asInt()).isEqualTo(410);
        assertThat(watch.awaitEnd()).isCompleted();
    }

    @Test
    void aStoppedServerRefusesAndKeepsItsPods() {
        cluster.create(pod("a"));
        cluster.create(pod("b"));
        var watch = watch("resourceVersion=" + versionOf(list("")));

        cluster.stop();
        assertThat(watch.awaitEnd()).isCompletedExceptionally();
        assertThatThrownBy(() -> list("")).isInstanceOf(UncheckedIOException.class);
        cluster.deleteWhileStopped(namespace, "a");
        cluster.startAgain();

        assertThat(names(list(""))).containsExactly("b");
        assertThat(watch.seen()).isEmpty();
    }

    @Test
    void aRestoredClusterIsTheOldOneWithItsOldVersion() {
        cluster.create(pod("a"));
        long before = Long.parseLong(versionOf(list("")));
        var snapshot = cluster.snapshot();
        for (int i = 0; i < 50; i++) {
            cluster.create(pod("later-" + i));
        }
        cluster.delete(namespace, "a");
        long later = Long.parseLong(versionOf(list("")));

        snapshot.restore();

        JsonNode list = list("");
        assertThat(names(list)).containsExactly("a");
        assertThat(Long.parseLong(versionOf(list))).isBetween(before, later - 1);
    }

    @Test
    void theKubeconfigsUserMayDoEverything() {
        String review = """
                {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
                 "spec": {"resourceAttributes": {"resource": "pods", "verb": "watch"}}}""";
        JsonNode answer = client.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review)
                .success();
        assertThat(answer.at("/status/allowed").asBoolean()).isTrue();
        assertThat(cluster.kubeconfig())
                .content()
                .contains(cluster.token(), cluster.url().toString());
    }

    @Test
    void aWrongTokenIsUnauthorized() {
        try (var stranger =
                new KubernetesApiClient(cluster.url(), Optional.of("wrong"), cluster.certificateAuthority())) {
            assertThat(stranger.get(pods()).status()).isEqualTo(401);
        }
    }

    private KubernetesPod pod(String name) {
        return KubernetesPod.of(namespace, name);
    }

    private String pods() {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    private JsonNode list(String query) {
        return client.get(pods() + "?" + query).success();
    }

    private KubernetesTestWatch watch(String query) {
        return new KubernetesTestWatch(client, pods() + "?watch=true&" + query);
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.path("items").forEach(pod -> names.add(pod.at("/metadata/name").asText()));
        return names;
    }

    private static String versionOf(JsonNode object) {
        return object.at("/metadata/resourceVersion").asText();
    }

    private static String continueOf(JsonNode list) {
        return list.at("/metadata/continue").asText();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
