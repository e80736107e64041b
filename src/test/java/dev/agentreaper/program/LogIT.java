package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesJson;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reads the log by a program finds the same in both of its formats. */
class LogIT {
    private final Scene<KubernetesSimulator> scene = Scene.simulated();

    @AfterEach
    void close() {
        scene.close();
    }

    /** How a line is read. */
    enum Format {
        TEXT {
            @Override
            Map<String, String> facts(String line) {
                String message = line.replaceFirst("^\\S+ [A-Z]+ +", "");
                Map<String, String> facts = new HashMap<>();
                OUTCOMES.forEach((words, outcome) -> {
                    if (message.startsWith(words + " pool=")) {
                        facts.put("outcome", outcome);
                    }
                });
                put(facts, "problem", "^gave up .* ms=\\d+: (.*) It is left to the sweep\\.$", message);
                put(facts, "connection", "^((?:pool|watch of) .+?): (?:works again|.* What to do: )", message);
                put(facts, "problem", "^(?:pool|watch of) .+?: (.*) What to do: ", message);
                put(facts, "cure", " What to do: (.*)$", message);
                put(facts, "seconds", ": works again after (\\d+) s$", message);
                Matcher fact = Pattern.compile("(\\w+)=(\"(?:[^\"\\\\]|\\\\.)*\"|\\{[^}]*}|\\S+)")
                        .matcher(facts.containsKey("connection") ? "" : message.replaceFirst("(ms=\\d+): .*", "$1"));
                while (fact.find()) {
                    String value = fact.group(2);
                    facts.put(
                            fact.group(1),
                            value.startsWith("\"") ? OneShotScene.json(value).asText() : value);
                }
                return facts;
            }
        },
        JSON {
            @Override
            Map<String, String> facts(String line) {
                Map<String, String> facts = new HashMap<>();
                OneShotScene.json(line)
                        .propertyStream()
                        .filter(field -> !OF_THE_FRAMEWORK.contains(field.getKey()))
                        // It tells failures of one connection from each other, as the words of the text do.
                        .filter(field -> !field.getKey().equals("kind"))
                        .forEach(field -> facts.put(field.getKey(), text(field.getValue())));
                return facts;
            }
        };

        private static final Map<String, String> OUTCOMES =
                Map.of("removed", "removed", "kept", "kept", "gave up", "gave_up", "would remove (dry-run)", "dry_run");
        private static final List<String> OF_THE_FRAMEWORK = List.of(
                "timestamp",
                "sequence",
                "loggerClassName",
                "loggerName",
                "level",
                "message",
                "threadName",
                "threadId",
                "mdc",
                "ndc",
                "hostName",
                "processName",
                "processId");

        abstract Map<String, String> facts(String line);

        private static void put(Map<String, String> facts, String key, String expression, String message) {
            Matcher matcher = Pattern.compile(expression).matcher(message);
            if (matcher.find()) {
                facts.putIfAbsent(key, matcher.group(1));
            }
        }

        private static String text(JsonNode value) {
            if (value.isObject()) {
                return value.toString().replace("\"", "").replace(":", "=").replace(",", ", ");
            }
            return value.isNull() ? "-" : value.asText();
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachWayThatARemovalEndsIsTold(Format format) {
        String odd = "odd pool=forged \"" + scene.azure.token() + "\" \\ agent";
        OneShotScene.straggler(scene.pool, odd);
        OneShotScene.straggler(scene.pool, "vm");
        scene.runs("dies");
        scene.runs("placeholder-1");
        scene.runs("busy");
        scene.pool.busy("busy", true);
        int id = scene.pool.find("dies").orElseThrow().id();
        Program program = scene.started(in(format)
                .env("REAPER_SWEEP_EVERY", "1h")
                .env("REAPER_SWEEP_AGENTS", "odd*")
                .env("REAPER_RETRY_FOR", "5s"));
        scene.awaitRemoved(odd);
        awaitTold(format, Map.of("removed", "1"));

        scene.dies("dies");
        scene.dies("placeholder-1");
        scene.dies("busy");
        scene.awaitIdle();

        awaitTold(
                format,
                Map.of(
                        "outcome", "removed",
                        "pool", "default",
                        "agent", "dies",
                        "pod", scene.namespace + "/dies",
                        "trigger", "event",
                        "ms", "\\d+",
                        "id", Integer.toString(id)));
        awaitTold(
                format,
                Map.of(
                        "outcome", "removed",
                        "pool", "default",
                        "agent", "odd pool=forged \"\\*\\*\\*\" \\\\ agent",
                        "pod", "-",
                        "trigger", "sweep",
                        "ms", "\\d+",
                        "id", "\\d+"));
        awaitTold(
                format,
                Map.of(
                        "outcome", "kept",
                        "pool", "default",
                        "agent", "placeholder-1",
                        "pod", scene.namespace + "/placeholder-1",
                        "trigger", "event",
                        "ms", "\\d+",
                        "reason", "PROTECTED"));
        awaitTold(
                format,
                Map.of(
                        "outcome", "gave_up",
                        "pool", "default",
                        "agent", "busy",
                        "pod", scene.namespace + "/busy",
                        "trigger", "event",
                        "ms", "\\d{4,}",
                        "problem", "it still runs a job\\."));
        awaitTold(
                format,
                Map.of(
                        "pool", "default",
                        "pods", "3",
                        "agents", "5",
                        "removed", "1",
                        "kept", "\\{POD_ALIVE=3, NOT_OURS=1}"));
        assertThat(program.log()).noneMatch(line -> line.contains("agent=odd pool=forged"));
    }

    @ParameterizedTest
    @EnumSource
    void eachThingThatFailsIsToldOnceWithItsCureAndOnceWhenItWorksAgainWithTheTimeThatItTook(
            Format format, @TempDir Path directory) throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "no-such-token");
        scene.runs("lives");
        scene.start(in(format).without("AZP_TOKEN").env("AZP_TOKEN_FILE", token));
        Map<String, String> signIn = failed("pool default", "HTTP 401 from .*", ".*make a token with the scope.*");
        awaitTold(format, signIn);
        Files.move(
                Files.writeString(directory.resolve("new"), scene.azure.token()),
                token,
                StandardCopyOption.ATOMIC_MOVE);
        eventually().until(scene.program()::isReady);
        awaitTold(format, worksAgain("pool default"));

        String watch = "watch of pods app=" + scene.namespace + " in all namespaces";
        scene.cluster.fail(KubernetesOperation.LIST, KubernetesFault.forbidden());
        scene.cluster.fail(KubernetesOperation.WATCH, KubernetesFault.forbidden());
        eventually().until(() -> scene.cluster.openWatches() == 1);
        scene.cluster.tellWatches(KubernetesJson.bookmark(scene.cluster.resourceVersion()));
        scene.cluster.endWatches();
        Map<String, String> noRight = failed(watch, ".*HTTP 403.*", "grant get, list and watch on pods.*");
        awaitTold(format, noRight);
        eventually().until(() -> Scene.metric(scene.program(), "agent_reaper_watch_restarts_total") >= 3);
        scene.cluster.heal();
        awaitTold(format, worksAgain(watch));

        AzureDevOpsFault.Handle outage = scene.azure.fail(AzureDevOpsFault.unavailable());
        scene.runs("dies");
        scene.dies("dies");
        Map<String, String> down = failed("pool default", "HTTP 503 from .*", "where this lasts, .*");
        awaitTold(format, down);
        outage.clear();
        scene.awaitRemoved("dies");
        eventually().until(() -> told(format, worksAgain("pool default")) == 2);

        scene.awaitIdle();
        assertThat(List.of(signIn, noRight, down)).allMatch(failure -> told(format, failure) == 1);
        assertThat(told(format, worksAgain(watch))).isEqualTo(1);
        assertThat(scene.program().log())
                .filteredOn(line -> line.contains("WARN"))
                .hasSize(3);
    }

    private static Map<String, String> failed(String connection, String problem, String cure) {
        return Map.of("connection", connection, "problem", problem, "cure", cure);
    }

    private static Map<String, String> worksAgain(String connection) {
        return Map.of("connection", connection, "seconds", "\\d+");
    }

    private Program.Builder in(Format format) {
        return scene.configured().env("REAPER_LOG_FORMAT", format.name().toLowerCase(Locale.ROOT));
    }

    private void awaitTold(Format format, Map<String, String> facts) {
        eventually()
                .untilAsserted(() -> assertThat(told(format, facts))
                        .as("%s in %s", facts, scene.program().log())
                        .isPositive());
    }

    /** How many lines tell this, each as an expression. */
    private long told(Format format, Map<String, String> expected) {
        return scene.program().log().stream()
                .map(format::facts)
                .filter(facts -> expected.entrySet().stream()
                        .allMatch(fact -> facts.getOrDefault(fact.getKey(), "").matches(fact.getValue())))
                .count();
    }
}
