package dev.agentreaper.program;

import static dev.agentreaper.program.Scene.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentreaper.program.OneShotScene.Ended;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token that comes from a Secret which is not there, or not what it ought to be. */
class TokenIT {
    private static final String TOKEN =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01234567890123456789012345678901";
    private static final String ENCODED =
            Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString((TOKEN + "\n").getBytes(UTF_8));

    private final KubernetesSimulator cluster = KubernetesSimulator.start();
    private final OneShotScene scene = new OneShotScene(cluster);

    @TempDir
    Path mounted;

    @AfterEach
    void close() {
        scene.close();
        cluster.close();
    }

    @Test
    void runWaitsForTheSecretSaysWhatIsWrongWithItAndGoesOnByItself() throws IOException {
        scene.azure.acceptToken(TOKEN);
        Path file = mounted.resolve("token");
        scene.straggler("agent-1");

        try (Program run = scene.without("AZP_TOKEN")
                .env("AZP_TOKEN_FILE", file)
                .env("REAPER_SWEEP_EVERY", "2s")
                .start("run")) {
            until(run, "the token file " + file + " can't be read: it is not there");
            assertThat(run.isReady()).isFalse();
            assertThat(run.status("/q/health/live")).isEqualTo(200);
            assertThat(run.get("/q/health/ready")).contains(file.toString(), "make or mend the Secret");

            Files.writeString(file, "");
            until(run, "the token file " + file + " is empty");
            Files.writeString(file, ENCODED);
            until(run, "the token file " + file + ": it is Base64 of a token");
            assertThat(run.isReady()).isFalse();
            assertThat(scene.azure.requests()).isEmpty();

            Files.writeString(file, TOKEN + "\n");
            eventually().until(run::isReady);
            eventually().until(() -> scene.pool.agents().isEmpty());
            assertThat(String.join("\n", run.log())).doesNotContain(TOKEN, ENCODED.substring(0, 76));
        }
    }

    private static void until(Program run, String told) {
        eventually().until(() -> run.log().stream().anyMatch(line -> line.contains(told)));
        assertThat(run.log()).filteredOn(line -> line.contains(told)).hasSize(1);
    }

    @Test
    void aOneShotEndsWithThatWhichIsWrong() throws IOException {
        Path file = mounted.resolve("token");
        scene.without("AZP_TOKEN").env("AZP_TOKEN_FILE", file);

        for (String command : List.of("sweep", "plan")) {
            Files.deleteIfExists(file);
            fails(command, "the token file " + file + " can't be read: it is not there");
            Files.writeString(file, ENCODED);
            fails(command, "it is Base64 of a token");
            Files.writeString(file, TOKEN.substring(0, 40) + "\n" + TOKEN.substring(40));
            fails(command, "it has a line break within it");
        }
        assertThat(scene.azure.requests()).isEmpty();
    }

    private void fails(String command, String told) {
        Ended ended = scene.run(command);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains(told, "make or mend the Secret").doesNotContain(TOKEN.substring(0, 40));
    }

    @Test
    void aTokenInAVariableThatCanNotBeOneIsAFaultOfTheConfiguration() {
        for (String command : List.of("run", "sweep", "plan")) {
            faults(command, ENCODED, "AZP_TOKEN: it is Base64 of a token");
            faults(command, ENCODED.replace("\n", ""), "AZP_TOKEN: it is Base64 of a token");
            faults(command, TOKEN + "\n" + TOKEN, "AZP_TOKEN: it has a line break within it");
            faults(command, "", "AZP_TOKEN is set, but empty: see the Secret that it comes from");
        }
    }

    private void faults(String command, String token, String told) {
        Ended ended = scene.env("AZP_TOKEN", token).run(command);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(String.join("\n", ended.log())).contains(told).doesNotContain(TOKEN, ENCODED.substring(0, 76));
    }

    @Test
    void theWhiteSpaceAroundATokenInAFileIsDroppedWithOneWarning() throws IOException {
        scene.azure.acceptToken(TOKEN);
        Path file = Files.writeString(mounted.resolve("token"), "\n " + TOKEN + "\r\n");
        scene.straggler("agent-1");

        Ended ended = scene.without("AZP_TOKEN").env("AZP_TOKEN_FILE", file).run("plan", "--output", "json");

        assertThat(ended.verdicts()).containsOnlyKeys("agent-1");
        assertThat(ended.warnings())
                .singleElement()
                .asString()
                .contains("AZP_TOKEN_FILE: the white space around the token in its file is dropped");
    }
}
