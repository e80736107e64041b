package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.agentreaper.EndlessBody;
import dev.agentreaper.Mutations;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server sends, damaged in many ways; the seed in a failure's name makes the same damage again. */
class DamagedPodsTest {
    private static final int ROUNDS = 100;
    private static final String POD = """
            {"kind":"Pod","metadata":{"namespace":"ci","name":"a","uid":"1","resourceVersion":"7"}}""";
    private static final String LIST = PodJson.list(PodJson.FULL.strip(), POD, POD.replace("\"a\"", "\"b\""));
    private static final String EVENT = "{\"type\":\"%s\",\"object\":%s}\n";
    private static final String STATUS = """
            {"kind":"Status","status":"Failure","message":"too old","reason":"Expired","details":{"name":"a"},"code":410}""";

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedListIsReadOrRefused(long seed) {
        rounds(seed, LIST, body -> PodPage.read(PodJson.answer(body), _ -> {}));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedPodIsReadOrRefused(long seed) {
        rounds(
                seed,
                PodJson.FULL,
                body -> PodJson.source("{agent}").pod(PodReader.read(new PodBody(PodJson.answer(body)).json())));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedWatchIsReadOrRefused(long seed) {
        String lines = EVENT.formatted("ADDED", PodJson.FULL.strip())
                + EVENT.formatted("BOOKMARK", POD)
                + EVENT.formatted("DELETED", POD);
        rounds(seed, lines, DamagedPodsTest::follow);
        rounds(seed, EVENT.formatted("ADDED", POD) + EVENT.formatted("ERROR", STATUS), DamagedPodsTest::follow);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedStatusIsNoOtherError(long seed) {
        rounds(seed, STATUS, body -> ErrorStatus.read(PodJson.answer(body)).failure(500, "there"));
    }

    @Test
    void aListThatIsCutAnywhereIsNoList() {
        byte[] whole = LIST.strip().getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatIOException().as("%d bytes", length).isThrownBy(() -> PodPage.read(PodJson.answer(cut), _ -> {}));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"name\":\"",
                "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[{\"metadata\":{\"skipped\":\"",
                "{\"kind\":\""
            })
    void aListWithoutEndIsRefused(String begin) {
        assertThatIOException().isThrownBy(() -> PodPage.read(endless(begin, "a"), _ -> {}));
    }

    @Test
    void aListOfPodsWithoutEndIsRefused() {
        String begin = "{\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[" + POD;

        assertThatIOException()
                .isThrownBy(() -> PodPage.read(endless(begin, "," + POD), _ -> {}))
                .withMessageContaining("more than");
    }

    @Test
    void anEventWithoutEndIsRefused() {
        String begin = "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"name\":\"";

        assertThatIOException().isThrownBy(() -> follow(endless(begin, "a"))).withMessageContaining("more than");
    }

    @Test
    void aWatchMayBringMoreThanOnePodMayBeLong() throws IOException {
        String pod = POD.replace("\"uid\"", "\"big\":\"" + "x".repeat(3_000_000) + "\",\"uid\"");
        String lines = EVENT.formatted("ADDED", pod).repeat(6);

        assertThat(follow(lines.getBytes(UTF_8))).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void deepNestingIsRefusedWhereverItIs(String level) {
        String deep = level.repeat(10_000);
        List<String> bodies = List.of(
                deep,
                "{\"items\":" + deep,
                "{\"type\":\"ADDED\",\"object\":" + deep,
                "{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"labels\":" + deep,
                "{\"metadata\":{\"annotations\":{\"x\":" + deep);

        assertThat(bodies).allSatisfy(body -> {
            byte[] bytes = body.getBytes(UTF_8);
            assertThatIOException().isThrownBy(() -> follow(bytes));
            assertThat(failsOrReads(() -> PodPage.read(PodJson.answer(bytes), _ -> {})))
                    .isFalse();
            assertThat(failsOrReads(() -> PodReader.read(new PodBody(PodJson.answer(bytes)).json())))
                    .isFalse();
            assertThat(ErrorStatus.read(PodJson.answer(bytes)).code()).isZero();
        });
    }

    private interface Reading {
        Object read(byte[] body) throws IOException;
    }

    private interface Attempt {
        Object make() throws IOException;
    }

    private static void rounds(long seed, String whole, Reading reading) {
        Mutations mutations = new Mutations(new Random(seed));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = mutations.of(whole);
            try {
                failsOrReads(() -> reading.read(damaged));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("round %d: %s".formatted(round, new String(damaged, UTF_8)), e);
            }
        }
    }

    /** Whether it reads; a reader that is given what is no pod at all says so by these as well, for its caller to tell of. */
    private static boolean failsOrReads(Attempt attempt) {
        try {
            Object _ = attempt.make();
            return true;
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            return false;
        }
    }

    private static int follow(byte[] lines) throws IOException {
        return follow(PodJson.answer(lines));
    }

    private static int follow(Response answer) throws IOException {
        int events = 0;
        try (PodStream stream = PodJson.events(answer)) {
            while (stream.next() != null) {
                events++;
            }
        }
        return events;
    }

    private static Response endless(String begin, String forEver) {
        return PodJson.answer(new byte[0])
                .newBuilder()
                .body(ResponseBody.create(
                        Okio.buffer(Okio.source(new EndlessBody(begin, forEver))),
                        MediaType.get("application/json"),
                        -1))
                .build();
    }
}
