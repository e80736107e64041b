package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static dev.agentreaper.program.Scene.metric;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents that are named as the operator says. */
class NamingIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void end() {
        scene.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {label:team}-{annotation:example.com/slot}     | blue-7
            {env:PREFIX}{pod}                              | aks-agent-0
            {agent}.{label:app.kubernetes.io/name}         | named-by-env.builder
            {hostname}                                     | the-host
            """)
    void theTemplateNamesTheAgent(String template, String agent) {
        scene.started(scene.configured().env("REAPER_AGENT_NAME", template));
        KubernetesPod pod = scene.pod("agent-0")
                .label("team", "blue")
                .label("app.kubernetes.io/name", "builder")
                .annotation("example.com/slot", "7")
                .hostname("the-host")
                .env("PREFIX", "aks-")
                .env("AZP_AGENT_NAME", "named-by-env");
        scene.runs(pod);
        scene.pool.register(agent, Map.of());
        scene.pool.register("agent-0", Map.of());

        scene.dies("agent-0");

        scene.awaitRemoved(agent);
        scene.awaitIdle();
        assertThat(scene.hasAgent("agent-0")).isTrue();
    }

    @Test
    void theAgentOfAPodThatCameBackToRunAnotherGoesAtOnce() {
        scene.started(scene.configured().env("REAPER_AGENT_NAME", "{env:SLOT}"));

        comesBack(
                scene.pod("agent-0").env("SLOT", "a"), "a", scene.pod("agent-0").env("SLOT", "b"));

        scene.awaitRemoved("a");
    }

    @Test
    void theAgentOfAPodThatCameBackUnderALabelThatCanChangeStays() {
        scene.started(scene.configured().env("REAPER_AGENT_NAME", "{label:slot}"));

        comesBack(
                scene.pod("agent-0").label("slot", "a"),
                "a",
                scene.pod("agent-0").label("slot", "b"));

        awaitKept();
        assertThat(scene.hasAgent("a")).isTrue();
    }

    @Test
    void theAgentOfANodeGoesAtOnceWhereThePodThatCameBackHasNoneYet() {
        scene.started();
        KubernetesPod unbound = KubernetesPod.of(scene.namespace, "agent-0")
                .label("app", scene.namespace)
                .hostNetwork();

        comesBack(scene.pod("agent-0").hostNetwork(), "node-1", unbound);

        scene.awaitRemoved("node-1");
    }

    @Test
    void theAgentOfAPodThatLeftTheSelectorUnderAnotherNameStays() {
        scene.started(scene.configured().env("REAPER_AGENT_NAME", "{label:slot}"));
        scene.runs(scene.pod("agent-0").label("slot", "a"));
        scene.pool.register("a", Map.of());

        scene.cluster.relabel(scene.namespace, "agent-0", Map.of("app", "other", "slot", "b"));

        awaitKept();
        assertThat(scene.hasAgent("a")).isTrue();
    }

    /** Lets the pod go that runs the agent, and come back as another while the API server takes its time over where it is. */
    private void comesBack(KubernetesPod before, String agent, KubernetesPod after) {
        scene.runs(before);
        scene.pool.register(agent, Map.of());
        scene.cluster.fail(KubernetesOperation.GET, new KubernetesFault.Delay(Duration.ofSeconds(2)), 1);
        scene.dies(before.name());
        eventually()
                .until(() -> !scene.cluster.requests(KubernetesOperation.GET).isEmpty());
        scene.cluster.create(after);
    }

    private void awaitKept() {
        eventually().until(() -> metric(scene.program(), "agent_reaper_removals_total", "outcome=\"kept\"") == 1);
    }
}
