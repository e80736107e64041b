package dev.agentreaper.program;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import dev.agentreaper.simulator.NeedsApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of {@code docs/pipelines.md}, as they stand there. */
class PipelineSnippetIT {
    private static final Path PAGE = Path.of("docs", "pipelines.md");

    /** What {@code docker run} does with these flags, and no other; the image's user is 65532. */
    private static final String DOCKER = """
            #!/bin/bash
            fail() { echo "docker: $*" >&2; exit 125; }
            [ "$1" = run ] || fail "unknown command $1"
            shift
            user=65532 environment=(LANG=C.UTF-8) inside= outside=
            while [[ "$1" = -* ]]; do
              case "$1" in
                --rm) ;;
                --user) user="${2%%:*}"; shift ;;
                -v)
                  IFS=: read -r outside inside mode <<< "$2"
                  [[ "$outside" = /* && -f "$outside" && "$mode" = ro ]] || fail "no such mount here: $2"
                  shift ;;
                -e)
                  case "$2" in
                    *=*) environment+=("$2") ;;
                    *) [ -z "${!2+set}" ] || environment+=("$2=${!2}") ;;
                  esac
                  shift ;;
                *) fail "unknown flag $1" ;;
              esac
              shift
            done
            [ "$1" = registry.example.com/agent-reaper:0.1.0 ] || fail "no such image: $1"
            shift
            read -r owner rights < <(stat -c '%u %a' "$outside")
            if [ "$owner" = "$user" ] || (( 0$rights & 4 )); then
              environment=("${environment[@]/%=$inside/=$outside}")
            fi
            exec env -i "${environment[@]}" PROGRAM "$@"
            """;

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
    private final AzureDevOpsPool pool = azure.pool("my-pool");
    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path directory;

    @BeforeEach
    void prepareTheAgent() throws IOException {
        variables.put("Build.BuildId", "4711");
        variables.put("System.JobAttempt", "1");
        variables.put("System.CollectionUri", azure.url() + "/");
        variables.put("azp-token", azure.token());
        Path tools = Files.createDirectory(directory.resolve("tools"));
        String program =
                Program.with().command().stream().map(word -> "'" + word + "'").collect(joining(" "));
        rights("rwx------", Files.writeString(tools.resolve("docker"), DOCKER.replace("PROGRAM", program)));
        environment.put("PATH", tools + ":" + System.getenv("PATH"));
        Path kubeconfig = Files.copy(cluster.kubeconfig(), directory.resolve("kubeconfig"));
        environment.put("KUBECONFIG", rights("rw-------", kubeconfig).toString());
    }

    @AfterEach
    void close() {
        azure.close();
        cluster.close();
    }

    @Test
    void stragglersAreRemovedAndWhoIsOnlineHasAPodOrIsNotOfTheClusterIsKept() throws Exception {
        cluster.createNamespace("agents");
        cluster.create(KubernetesPod.of("agents", "azdevops-agent-alive")
                .label("app", "azdevops-agent")
                .node("node-1"));
        cluster.patchStatus("agents", "azdevops-agent-alive", "Running", Instant.now());
        for (String name : new String[] {"azdevops-agent-alive", "azdevops-agent-gone", "vm-1"}) {
            OneShotScene.straggler(pool, name);
        }
        pool.register("azdevops-agent-online", Map.of());

        PipelineStep.Ended ended = sweep().run(directory, variables, environment);

        assertThat(ended.log()).contains("mode delete, 1 pod selected", "REMOVE 1", "KEEP 1 ONLINE");
        assertThat(ended.exitCode()).isZero();
        assertThat(OneShotScene.names(pool))
                .containsExactlyInAnyOrder("azdevops-agent-alive", "vm-1", "azdevops-agent-online");
    }

    @Test
    void aWrongTokenFailsTheStepWithALineThatSaysWhatToDo() throws Exception {
        OneShotScene.straggler(pool, "azdevops-agent-gone");
        variables.put("azp-token", "wrong-or-expired");

        PipelineStep.Ended ended = sweep().run(directory, variables, environment);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.log().lines())
                .filteredOn(line -> line.contains(" WARN "))
                .singleElement()
                .asString()
                .contains("pool default: HTTP 401 from ", "What to do: make a token", "AZP_TOKEN");
        assertThat(ended.log()).doesNotContain("wrong-or-expired");
        assertThat(OneShotScene.names(pool)).containsExactly("azdevops-agent-gone");
    }

    @Test
    void aSecretThatIsNotMappedIsMissingAndTheStepFailsAsOnAnyFaultyConfiguration() throws Exception {
        PipelineStep.Ended ended = sweep().withoutEnv("AZP_TOKEN").run(directory, variables, environment);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.log()).contains("AZP_TOKEN");
    }

    @Test
    @NeedsApiServer
    void theCronJobsJobIsRunAndWaitedFor() throws Exception {
        try (KubernetesApiServer server = KubernetesApiServer.start()) {
            server.createNamespace("agent-reaper");
            server.post("/apis/" + server.cronJobVersion() + "/namespaces/agent-reaper/cronjobs", """
                    {"metadata": {"name": "agent-reaper-sweep"},
                     "spec": {"schedule": "*/15 * * * *", "jobTemplate": {"spec": {"template": {"spec": {
                       "restartPolicy": "Never",
                       "containers": [{"name": "agent-reaper", "image": "agent-reaper:0.1.0", "args": ["sweep"]}]}}}}}}""");
            environment.put("PATH", KubernetesApiServer.assets().orElseThrow() + ":" + System.getenv("PATH"));
            environment.put("KUBECONFIG", server.kubeconfig().toString());

            var step = CompletableFuture.supplyAsync(() -> job().run(directory, variables, environment));
            String job = "/apis/batch/v1/namespaces/agent-reaper/jobs/sweep-4711-1";
            await().atMost(OneShotScene.WITHIN).until(() -> server.find(job).isPresent());
            assertThat(step).isNotDone();
            server.mergePatch(job + "/status", """
                    {"status": {"startTime": "2026-03-03T09:00:00Z", "completionTime": "2026-03-03T09:00:02Z",
                                "conditions": [{"type": "SuccessCriteriaMet", "status": "True"},
                                               {"type": "Complete", "status": "True"}]}}""");

            assertThat(step.join().exitCode()).isZero();
            assertThat(job().run(directory, variables, environment).exitCode())
                    .as("once more, under the same name")
                    .isEqualTo(1);
        }
    }

    private static PipelineStep sweep() {
        return PipelineStep.of(PAGE, "docker run");
    }

    private static PipelineStep job() {
        return PipelineStep.of(PAGE, "create job");
    }

    private static Path rights(String rights, Path file) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }
}
