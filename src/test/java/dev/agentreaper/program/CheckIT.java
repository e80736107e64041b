package dev.agentreaper.program;

import static dev.agentreaper.program.Checked.failed;
import static dev.agentreaper.program.Checked.theOnlyCure;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code check} finds; in {@link CheckAdviceIT} its advice is followed. */
class CheckIT {

    @TempDir
    Path directory;

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void whereAllIsWellEachThingIsSaidToBeSo() {
        scene.runsAgent("agent-1");
        scene.pool.register("agent-placeholder-1", OneShotScene.OF_A_POD);
        scene.pool.goOffline("agent-placeholder-1");

        Ended ended = scene.run("check");

        assertThat(ended.exitCode()).as("%s", ended).isZero();
        assertThat(ended.log()).isEmpty();
        assertThat(ended.output().lines())
                .allMatch(line -> line.startsWith("✓ "))
                .hasSizeGreaterThan(7);
        assertThat(ended.output())
                .contains(
                        "✓ kubernetes: pods app=agent in namespace " + scene.namespace
                                + " can be listed, watched and read: 1 there",
                        "✓ azure-devops of pool default: " + scene.azure.url()
                                + " takes our sign-in, and the pool «linux» has 2 agents",
                        "✓ agents-of-pods of pool default: 1 of 1 live pods map to an agent that exists: "
                                + scene.namespace + "/agent-1 → agent-1",
                        "agent-placeholder-1 (protected by its name)");
        assertThat(scene.azure.requests()).extracting(ReceivedRequest::method).containsOnly("GET");
    }

    @Test
    void theJsonIsThatOfTheContractAndAloneOnStdout() {
        scene.azure.fail(AzureDevOpsFault.unauthorized());

        Ended ended = scene.run("check", "--output", "json");

        assertThat(ended.exitCode()).isEqualTo(1);
        JsonNode report = OneShotScene.json(ended.output());
        assertThat(report.path("schema").asInt()).isEqualTo(1);
        assertThat(report.path("command").asText()).isEqualTo("check");
        assertThat(report.path("checks"))
                .allSatisfy(check -> assertThat(check.fieldNames())
                        .toIterable()
                        .containsExactly("name", "pool", "ok", "message", "cure"));
        assertThat(failed(ended)).singleElement().satisfies(check -> {
            assertThat(check.path("name").asText()).isEqualTo("azure-devops");
            assertThat(check.path("pool").asText()).isEqualTo("default");
            assertThat(check.path("message").asText()).startsWith("HTTP 401 from ");
            assertThat(check.path("cure").asText()).contains("Agent Pools (read, manage)");
        });
        assertThat(ended.log()).isEmpty();
    }

    @Test
    void eachFaultOfTheConfigurationIsOneThingThatIsWrong() {
        scene.without("AZP_POOL").env("REAPER_SWEEP_EVERY", "often");

        assertThat(failed(check()))
                .allMatch(check -> check.path("name").asText().equals("configuration"))
                .extracting(check -> check.path("message").asText() + " "
                        + check.path("cure").asText())
                .anyMatch(text -> text.contains("AZP_POOL is missing") && text.contains("set AZP_POOL=my-pool"))
                .anyMatch(text -> text.contains("REAPER_SWEEP_EVERY") && text.contains("set REAPER_SWEEP_EVERY=5m"))
                .hasSize(2);
    }

    @Test
    void theModeMayBeChosenLater() {
        scene.runsAgent("agent-1");

        Ended ended = scene.without("REAPER_MODE").run("check", "--output", "json");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.warnings()).singleElement().asString().contains("REAPER_MODE is not set");
    }

    @Test
    void aFileThatIsNoYamlIsOneThingThatIsWrong() {
        scene.file("reaper: [");

        assertThat(failed(check()))
                .singleElement()
                .satisfies(check -> assertThat(check.path("message").asText()).contains("application.yaml"));
    }

    @Test
    void rightsThatAreMissingTogetherAreToldWithOneCure() {
        for (KubernetesOperation operation : List.of(KubernetesOperation.WATCH, KubernetesOperation.GET)) {
            cluster.fail(
                    operation,
                    KubernetesFault.status(403, "Forbidden", "User \"arn:aws:iam::1:role/ci\" cannot do this"));
        }

        Ended ended = check();

        assertThat(theOnlyCure(ended, "kubernetes")).containsOnlyOnce("kubectl create rolebinding");
        assertThat(theOnlyCure(ended, "kubernetes")).contains("--user=arn:aws:iam::1:role/ci -n ");
        assertThat(failed(ended).getFirst().path("message").asText())
                .contains("can't be watched: HTTP 403", "can't be read one by one: HTTP 403");
    }

    @Test
    void aBigClusterIsCheckedWithinLittleMemory() {
        for (int i = 0; i < 10_000; i++) {
            KubernetesPod pod = scene.agentPod("agent-" + i).label(OneShotScene.LABEL, i % 2 == 0 ? "agent" : "other");
            for (int j = 0; j < 10; j++) {
                pod.env("VARIABLE_" + j, "x".repeat(1000) + i);
            }
            cluster.create(pod);
        }

        scene.vmOption("-Xmx64m");

        assertThat(theOnlyCure(check(), "selector")).startsWith("set REAPER_POD_SELECTOR='app in (agent,other)'");
    }

    private Ended check() {
        return scene.run("check", "--output", "json");
    }
}
