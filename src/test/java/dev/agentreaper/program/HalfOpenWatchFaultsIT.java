package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A watch over HTTP/1.1, which has no pings, on a connection whose other end is silent. */
class HalfOpenWatchFaultsIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void aHalfOpenWatchIsFoundWithinAMinute() {
        scene.started(scene.configured().env("QUARKUS_LOG_LEVEL", "DEBUG"));
        scene.runs("half-open");
        scene.runs("half-open-lives");
        scene.awaitPast();

        scene.cluster.silenceWatches();
        scene.dies("half-open");

        await().atMost(Duration.ofMinutes(1)).until(() -> !scene.hasAgent("half-open"));
        scene.awaitPast();
        assertThat(scene.hasAgent("half-open-lives")).isTrue();
    }
}
