package dev.agentreaper.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationIT {
    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void withNothingConfiguredEachCommandNamesAllThatIsMissingWithAnExample() {
        List.of(
                        "REAPER_MODE",
                        "AZP_URL",
                        "AZP_POOL",
                        "AZP_TOKEN",
                        "REAPER_POD_SELECTOR",
                        "REAPER_SWEEP_AGENTS",
                        "KUBECONFIG")
                .forEach(scene::without);

        for (String command : List.of("run", "sweep")) {
            assertThat(faults(scene.run(command)))
                    .as(command)
                    .extracting(fault -> fault.strip().split(" ", 2)[0])
                    .containsExactly(
                            "REAPER_MODE",
                            "AZP_URL",
                            "AZP_POOL",
                            "AZP_TOKEN_FILE",
                            "REAPER_POD_SELECTOR",
                            "REAPER_SWEEP_AGENTS",
                            "KUBECONFIG");
        }
        assertThat(faults(scene.run("plan")))
                .extracting(fault -> fault.strip().split(" ", 2)[0])
                .doesNotContain("REAPER_MODE")
                .hasSize(6);
    }

    @Test
    void allWrongValuesAreToldAtOnceEachWithItsKeyAndAnExampleAndNoSecret() throws IOException {
        Path noCertificate = Files.writeString(directory.resolve("ca.pem"), "this is no certificate");
        Map<String, String> wrong = Map.ofEntries(
                Map.entry("REAPER_MODE", "kill"),
                Map.entry("AZP_URL", "dev.azure.com/my-org"),
                Map.entry("AZP_TOKEN", "a secret within"),
                Map.entry("REAPER_NAMESPACES", "No_Namespace"),
                Map.entry("REAPER_POD_SELECTOR", "app=(agent"),
                Map.entry("REAPER_AGENT_NAME", "{nonsense}"),
                Map.entry("REAPER_CAPABILITIES", "CLUSTER"),
                Map.entry("AZP_API_VERSION", "latest"),
                Map.entry("REAPER_RETRY_FOR", "a while"),
                Map.entry("REAPER_SWEEP_EVERY", "0s"),
                Map.entry("REAPER_SWEEP_OFFLINE_FOR", "-5m"),
                Map.entry("REAPER_SWEEP_MAX_REMOVALS", "many"),
                Map.entry("REAPER_SHUTDOWN_TIMEOUT", "soon"),
                Map.entry("REAPER_LOG_FORMAT", "xml"),
                Map.entry("REAPER_CA_FILE", noCertificate.toString()),
                Map.entry("KUBECONFIG", directory.resolve("none").toString()));
        wrong.forEach(scene::env);
        scene.env("REAPER_SWEEP_EVRY", "5m").env("REAPER_SERVICE_HOST", "10.0.0.1");

        for (String command : List.of("run", "sweep")) {
            List<String> faults = faults(scene.run(command));

            assertThat(faults).hasSize(wrong.size() + 1);
            wrong.keySet()
                    .forEach(key -> assertThat(faults)
                            .filteredOn(
                                    fault -> fault.startsWith("  " + key + " ") || fault.startsWith("  " + key + ":"))
                            .singleElement()
                            .asString()
                            .contains("For example: " + key + "="));
            assertThat(faults).anyMatch(fault -> fault.contains("REAPER_SWEEP_EVRY, did you mean REAPER_SWEEP_EVERY?"));
            assertThat(faults).noneMatch(fault -> fault.contains("secret"));
        }
    }

    /** What is told on stderr, below a heading; it is all that is told. */
    private static List<String> faults(Ended ended) {
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output()).isEmpty();
        assertThat(ended.log()).first().asString().contains("the configuration is wrong");
        List<String> faults = ended.log().subList(1, ended.log().size());
        assertThat(faults).allMatch(line -> line.startsWith("  "));
        return faults;
    }

    @Test
    void aFileThatIsNoYamlIsToldOfWithTheLine() {
        for (String command : List.of("run", "sweep", "plan")) {
            Ended ended =
                    scene.file("reaper:\n  pools:\n    linux: [unclosed\n").run(command);

            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(ended.log())
                    .last()
                    .asString()
                    .contains("config/application.yaml can't be read as YAML at line 4");
        }
    }

    @Test
    void aKeyThatIsTwiceInTheFileIsAFaultForOneOfThemWouldBeLost() {
        Ended ended = scene.file("""
                reaper:
                  pools:
                    linux: {pool: linux}
                    linux: {pool: windows}
                """).run("sweep");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.log()).last().asString().contains("at line 4", "duplicate key linux");
    }

    @Test
    void whatTheFileSaysToNoEffectIsAFaultThatNamesTheKey() {
        for (String command : List.of("run", "sweep", "plan")) {
            Ended ended = scene.file("""
                    reaper:
                      pools:
                        linux: {}
                        windows: my-pool
                    """).run(command);

            assertThat(ended.exitCode()).isEqualTo(2);
            assertThat(faults(ended))
                    .hasSize(2)
                    .anyMatch(fault -> fault.startsWith("  reaper.pools.linux has no setting of its own"))
                    .anyMatch(fault -> fault.startsWith("  reaper.pools.windows: it has a value"));
        }
    }

    @Test
    void aValueThatRefersToSomethingThatIsNotSetIsAFaultAndNeverItsDefault() {
        Ended ended = scene.env("REAPER_PROTECT", "keep-*,${MORE}").run("plan");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.log())
                .filteredOn(line -> line.startsWith("  "))
                .singleElement()
                .asString()
                .startsWith("  REAPER_PROTECT: it refers by ${…} to something that is not set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "65536"})
    void aPortThatIsNoneIsAFaultOfTheConfiguration(String port) {
        Ended ended = scene.env("QUARKUS_HTTP_PORT", port).run("run");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.log()).last().asString().contains("«" + port + "»", "For example: QUARKUS_HTTP_PORT=8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"token: !t0ken-of-84-characters x", "token: *t0ken-of-84-characters"})
    void whatTheFileHoldsIsNotShownWhereItIsNoYaml(String line) {
        Ended ended = scene.file("reaper:\n  pools:\n    linux:\n      " + line + "\n")
                .run("run");

        assertThat(ended.log()).last().asString().endsWith("config/application.yaml can't be read as YAML at line 4");
        assertThat(ended.log()).noneMatch(said -> said.contains("t0ken"));
    }

    @Test
    void faultsOfTheFileAreNamedByItsKeys() {
        scene.file("""
                reaper:
                  mode: maybe
                  pools:
                    first:
                      url: https://dev.azure.com/my-org
                      sweep:
                        every: 5x
                    second:
                      url: https://dev.azure.com/my-org
                      pol: windows
                """);

        assertThat(faults(scene.without("AZP_POOL").without("REAPER_MODE").run("run")))
                .anyMatch(fault -> fault.contains("reaper.mode «maybe»"))
                .anyMatch(fault -> fault.contains("reaper.pools.first.sweep.every «5x»"))
                .anyMatch(fault -> fault.contains("reaper.pools.first.pool is missing"))
                .anyMatch(fault -> fault.contains("reaper.pools.second.pol, did you mean pool?"))
                .hasSize(5);
    }

    @Test
    void eachPoolOfTheFileHasItsOwnSettingsAndTheVariablesForTheRest() {
        cluster.createNamespace("more-windows");
        scene.inFile("linux", "capabilities: CLUSTER=here", "token: " + scene.azure.token());
        scene.inFile(
                "windows", "pool: \"1\"", "sweep: {agents: 'win-*', offline-for: 3h}", "protect: [win-keep, win-dear]");
        scene.env("REAPER_SWEEP_OFFLINE_FOR", "30m");
        for (String pool : List.of("linux", "windows")) {
            for (String agent : List.of("agent-1", "win-1", "win-keep", "win-dear")) {
                OneShotScene.straggler(scene.pool(pool), agent);
            }
        }
        scene.pool("linux").register("agent-2", Map.of());

        Ended ended = scene.run("plan", "--output", "json");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.verdicts("linux"))
                .isEqualTo(Map.of(
                        "agent-1", "REMOVE null",
                        "agent-2", "KEEP NOT_OURS",
                        "win-1", "KEEP NOT_OURS",
                        "win-keep", "KEEP NOT_OURS",
                        "win-dear", "KEEP NOT_OURS"));
        assertThat(ended.verdicts("windows"))
                .isEqualTo(Map.of(
                        "agent-1", "KEEP NOT_OURS",
                        "win-1", "KEEP GRACE",
                        "win-keep", "KEEP PROTECTED",
                        "win-dear", "KEEP PROTECTED"));
    }

    @Test
    void onlyRunOpensThePort() throws IOException {
        scene.pool.register("agent-online", Map.of());
        try (ServerSocket taken = new ServerSocket(0)) {
            scene.env("QUARKUS_HTTP_PORT", taken.getLocalPort());

            Ended help = scene.run("--help");
            assertThat(help.exitCode()).isZero();
            assertThat(help.output()).contains("Usage: agent-reaper", "run", "sweep", "plan");
            Ended version = scene.run("--version");
            assertThat(version.exitCode()).isZero();
            assertThat(version.output()).matches("agent-reaper \\d+\\.\\d+\\.\\d+\\S*");
            for (String command : List.of("run", "sweep", "plan")) {
                assertThat(scene.run(command, "--help").exitCode()).isZero();
            }
            assertThat(scene.run("sweep").exitCode()).isZero();
            assertThat(scene.run("plan").exitCode()).isZero();

            Ended run = scene.run("run");
            assertThat(run.exitCode()).isNotZero();
            assertThat(String.join(" ", run.log())).contains(Integer.toString(taken.getLocalPort()));
        }
    }

    @Test
    void wrongUsageExitsWithTwoAndSaysWhatIsWrong() {
        Map<List<String>, String> wrong = Map.of(
                List.of("swep"), "sweep",
                List.of("run", "sweep"), "sweep",
                List.of("sweep", "--offline"), "--offline",
                List.of("sweep", "--offline-for", "soon"), "--offline-for 10m",
                List.of("sweep", "--offline-for", "99999999999999d"), "--offline-for 10m",
                List.of("plan", "--output", "yaml"), "--output",
                List.of("run", "--output", "json"), "--output");

        wrong.forEach((arguments, told) -> {
            Ended ended = scene.run(arguments.toArray(String[]::new));
            assertThat(ended.exitCode()).as("%s", arguments).isEqualTo(2);
            assertThat(ended.output()).isEmpty();
            assertThat(String.join("\n", ended.log())).contains(told).doesNotContain("\tat ");
        });
        assertThat(scene.azure.requests()).isEmpty();
    }

    @Test
    void aKubeconfigThatIsNoneIsAFaultOfTheConfiguration() throws IOException {
        Path broken = Files.writeString(directory.resolve("broken"), "clusters: [unclosed");
        Path empty = Files.writeString(directory.resolve("empty"), "");
        Path text = Files.writeString(directory.resolve("text"), "just a text");
        for (Path file : List.of(broken, empty, text, directory, directory.resolve("none"))) {
            List<String> faults = faults(scene.env("KUBECONFIG", file).run("plan"));

            assertThat(faults)
                    .as("%s", file)
                    .singleElement()
                    .asString()
                    .startsWith("  KUBECONFIG «" + file + "»: ")
                    .contains("For example: KUBECONFIG=")
                    .doesNotContain("null");
        }
    }

    @Test
    void theLogIsJsonLinesWhereThatIsAskedFor() {
        scene.straggler("agent-1");

        Ended ended = scene.env("REAPER_LOG_FORMAT", "json").run("sweep");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.log())
                .extracting(line -> OneShotScene.json(line).path("message").asText())
                .anyMatch(message -> message.startsWith("removed pool=default agent=agent-1 "))
                .anyMatch(message -> message.startsWith("swept pool=default "));
        assertThat(ended.output()).startsWith("pool default (linux), mode delete");
    }

    @Test
    void anEmptyVariableLeavesTheLogAsTheFileHasIt() {
        scene.straggler("agent-1");

        Ended ended = scene.file("reaper: {log-format: json}")
                .env("REAPER_LOG_FORMAT", "")
                .run("sweep");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.log())
                .extracting(line -> OneShotScene.json(line).path("message").asText())
                .anyMatch(message -> message.startsWith("swept pool=default "));
    }

    @Test
    void whiteSpaceAroundValuesIsDroppedWithOneWarningEach() {
        scene.straggler("agent-1");

        Ended ended = scene.env("AZP_TOKEN", scene.azure.token() + "\n")
                .env("AZP_POOL", " linux ")
                .run("plan", "--output", "json");

        assertThat(ended.verdicts()).containsOnlyKeys("agent-1");
        assertThat(ended.warnings()).hasSize(2).allMatch(line -> line.contains("white space"));
    }
}
