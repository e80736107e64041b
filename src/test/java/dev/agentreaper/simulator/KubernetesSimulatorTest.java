package dev.agentreaper.simulator;

import static dev.agentreaper.simulator.KubernetesOperation.GET;
import static dev.agentreaper.simulator.KubernetesOperation.LIST;
import static dev.agentreaper.simulator.KubernetesOperation.LIST_CONTINUE;
import static dev.agentreaper.simulator.KubernetesOperation.WATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a simulator can do that a real API server does only in bad moments. */
class KubernetesSimulatorTest {
    private static final String PODS = "/api/v1/namespaces/team-a/pods";

    private final KubernetesSimulator simulator = KubernetesSimulator.start();
    private final KubernetesApiClient client = new KubernetesApiClient(simulator);

    @BeforeEach
    void createPods() {
        simulator.createNamespace("team-a");
        simulator.create(KubernetesPod.of("team-a", "a"));
        simulator.create(KubernetesPod.of("team-a", "b"));
    }

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Test
    void requestsFailAsOftenAsSaidAndThenSucceed() {
        simulator.fail(LIST, KubernetesFault.internalError(), 1);
        simulator.fail(LIST, KubernetesFault.tooManyRequests(), 2);

        assertThat(client.get(PODS).status()).isEqualTo(500);
        assertThat(client.get(PODS).status()).isEqualTo(429);
        assertThat(client.get(PODS + "/a").status()).isEqualTo(200);
        assertThat(client.get(PODS).status()).isEqualTo(429);
        assertThat(client.get(PODS).status()).isEqualTo(200);
    }

    @Test
    void requestsFailUntilHealed() {
        simulator.fail(GET, KubernetesFault.forbidden());
        simulator.fail(WATCH, KubernetesFault.unauthorized());

        for (int i = 0; i < 3; i++) {
            var answer = client.get(PODS + "/a");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.json().path("reason").asText()).isEqualTo("Forbidden");
        }
        assertThat(client.get(PODS + "?watch=true").status()).isEqualTo(401);

        simulator.heal();
        assertThat(client.get(PODS + "/a").status()).isEqualTo(200);
    }

    @Test
    void aPageCanExpireThoughNothingWasCompacted() {
        simulator.fail(LIST_CONTINUE, KubernetesFault.expired(), 1);
        String token =
                client.get(PODS + "?limit=1").success().at("/metadata/continue").asText();

        assertThat(client.get(PODS + "?limit=1&continue=" + token).status()).isEqualTo(410);
        assertThat(client.get(PODS + "?limit=1&continue=" + token).status()).isEqualTo(200);
    }

    @Test
    void aWatchCanExpireInItsStatus() {
        simulator.fail(WATCH, KubernetesFault.expired());
        assertThat(watch().status()).isEqualTo(410);
    }

    @Test
    void aWatchCanExpireInItsStream() {
        var watch = watch();
        simulator.tellWatches(KubernetesJson.expired(1, 1000));
        simulator.endWatches();

        assertThat(watch.awaitEnd()).isCompleted();
        assertThat(watch.awaitEvent(0).at("/object/code").asInt()).isEqualTo(410);
    }

    @Test
    void aVersionCanBeTooLarge() {
        simulator.fail(LIST, KubernetesFault.tooLargeResourceVersion());
        var answer = client.get(PODS);
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.json().at("/details/causes/0/reason").asText()).isEqualTo("ResourceVersionTooLarge");
    }

    @Test
    void aProxyCanAnswerInsteadOfTheServer() throws Exception {
        simulator.fail(GET, KubernetesFault.htmlNotFound());
        var answer = client.http().send(client.request(PODS + "/a").build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html");
        assertThat(answer.body()).startsWith("<html>");
    }

    @Test
    void aListCanBeStale() {
        long earlier = simulator.resourceVersion();
        simulator.create(KubernetesPod.of("team-a", "c"));
        simulator.fail(LIST, new KubernetesFault.Stale(earlier), 1);

        JsonNode stale = client.get(PODS).success();

        assertThat(stale.path("items")).hasSize(2);
        assertThat(stale.at("/metadata/resourceVersion").asLong()).isEqualTo(earlier);
        assertThat(client.get(PODS).success().path("items")).hasSize(3);
    }

    @Test
    void aBodyCanBreakOffInTheMiddle() {
        simulator.fail(LIST, new KubernetesFault.HalfBody());
        assertThatThrownBy(() -> client.get(PODS))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("fixed content-length");
    }

    @Test
    void aConnectionCanBeCutInsteadOfAnAnswer() {
        simulator.fail(LIST, new KubernetesFault.Cut());
        assertThatThrownBy(() -> client.get(PODS)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void anAnswerCanBeLateOrNeverCome() throws Exception {
        var impatient =
                client.request(PODS + "/a").timeout(Duration.ofMillis(200)).build();
        simulator.fail(GET, new KubernetesFault.Silence(), 1);
        assertThatThrownBy(() -> client.http().send(impatient, BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);

        simulator.fail(GET, new KubernetesFault.Delay(Duration.ofMillis(300)), 2);
        assertThatThrownBy(() -> client.http().send(impatient, BodyHandlers.ofString()))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(client.get(PODS + "/a").status()).isEqualTo(200);
    }

    @Test
    void watchesCanBeCut() {
        var watch = watch();
        simulator.cutWatches();
        assertThat(watch.awaitEnd()).isCompletedExceptionally();
        assertThat(simulator.openWatches()).isZero();
    }

    @Test
    void watchesCanEndComplete() {
        var watch = watch();
        simulator.endWatches();
        assertThat(watch.awaitEnd()).isCompleted();
    }

    @Test
    void watchesCanFallSilentWhileLaterOnesHear() {
        var silent = watch();
        simulator.silenceWatches();
        var hearing = watch();

        simulator.create(KubernetesPod.of("team-a", "c"));

        hearing.awaitSeen("ADDED c");
        assertThat(silent.seen()).isEmpty();
        assertThat(silent.isOpen()).isTrue();
        assertThat(simulator.openWatches()).isEqualTo(1);
    }

    @Test
    void aWatchThatItsClientClosesIsNoticed() {
        watch();
        assertThat(simulator.openWatches()).isEqualTo(1);
        client.close();
        await().until(simulator::openWatches, open -> open == 0);
    }

    @Test
    void watchesCanBeToldWhatNoClientKnows() {
        var watch = watch();
        simulator.tellWatches(KubernetesJson.unknownKind());
        simulator.tellWatches(KubernetesJson.bookmark(simulator.resourceVersion()));

        assertThat(watch.awaitEvent(0).at("/object/kind").asText()).isEqualTo("Gadget");
        assertThat(watch.awaitEvent(1).at("/object/spec/containers").isNull()).isTrue();
    }

    @Test
    void aWatchEndsWithABookmarkIfItAskedForBookmarks() {
        simulator.create(KubernetesPod.of("team-a", "unselected"));
        var watch = new KubernetesTestWatch(
                client,
                PODS + "?watch=true&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=1000"
                        + "&labelSelector=app");
        JsonNode bookmark = watch.awaitEvent(0);
        assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
        assertThat(bookmark.at("/object/metadata/resourceVersion").asLong()).isEqualTo(simulator.resourceVersion());
    }

    @Test
    void eventsCanComeTwice() {
        var watch = watch();
        simulator.create(KubernetesPod.of("team-a", "c"));
        simulator.repeatLastEvents();
        watch.awaitSeen("ADDED c", "ADDED c");
    }

    @Test
    void podsKeepFieldsThatNoClientKnows() {
        simulator.create("team-a", """
                {"metadata": {"name": "new"}, "spec": {"futureField": {"x": 1}}}""");
        assertThat(client.get(PODS + "/new").success().at("/spec/futureField/x").asInt())
                .isEqualTo(1);
    }

    @Test
    void requestsAreNoted() {
        client.get("/api/v1/pods?limit=500");
        client.get(PODS + "/a");
        var watch = watch();

        assertThat(watch.status()).isEqualTo(200);
        assertThat(simulator.requests())
                .extracting(KubernetesRequest::operation)
                .containsExactly(LIST, GET, WATCH);
        assertThat(simulator.requests(LIST).getFirst().query()).isEqualTo(Map.of("limit", "500"));
        assertThat(simulator.requests(GET).getFirst().path()).isEqualTo(PODS + "/a");
        assertThat(simulator.requests(WATCH).getFirst().headers()).containsKey("user-agent");
    }

    @Test
    void whatItDoesNotKnowItRefuses() {
        assertThat(client.get(PODS + "?fieldSelector=spec.nodeName%3Dx").status())
                .isEqualTo(400);
        assertThat(client.get("/api/v1/nodes").status()).isEqualTo(404);
        assertThatThrownBy(() -> simulator.create(KubernetesPod.of("nowhere", "a")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void manyClientsHearOfEveryChangeInOrder() {
        List<KubernetesTestWatch> watches =
                Stream.generate(this::watch).limit(20).toList();
        String[] expected = new String[100];
        for (int i = 0; i < expected.length; i++) {
            simulator.create(KubernetesPod.of("team-a", "pod-" + i));
            expected[i] = "ADDED pod-" + i;
        }
        watches.forEach(watch -> watch.awaitSeen(expected));
    }

    @Test
    void closingLeavesNoFile() {
        simulator.close();
        assertThat(Files.exists(simulator.kubeconfig())).isFalse();
    }

    private KubernetesTestWatch watch() {
        return new KubernetesTestWatch(client, PODS + "?watch=true&resourceVersion=" + simulator.resourceVersion());
    }
}
