package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PodReaderTest {
    @Test
    void aFieldOfAnUnexpectedTypeCountsAsAbsent() {
        List<String> odd = List.of("null", "1", "true", "\"x\"", "[]", "[[],{}]", "{}", "{\"a\":{}}");
        for (String field : List.of("labels", "annotations", "uid", "deletionTimestamp", "resourceVersion")) {
            for (String value : odd) {
                String json = "{\"metadata\":{\"namespace\":\"ci\",\"name\":\"b\",\"%s\":%s}}".formatted(field, value);
                assertThat(PodJson.pod(json).key()).as(json).hasToString("ci/b");
            }
        }
        for (String field : List.of("nodeName", "hostNetwork", "containers", "subdomain", "phase", "startTime")) {
            for (String value : odd) {
                String json =
                        "{\"metadata\":{\"namespace\":\"ci\",\"name\":\"b\"},\"spec\":{\"%1$s\":%2$s},\"status\":{\"%1$s\":%2$s}}"
                                .formatted(field, value);
                assertThat(PodJson.pod(json).status().ended()).as(json).isFalse();
            }
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 3_000);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aGarbledPodIsReadOrRefusedButNeverBreaksTheReader(int seed) {
        String garbled = garble(PodJson.FULL, new Random(seed));

        Throwable thrown = catchThrowable(() -> PodJson.source("{agent}-{label:pool}-{env:POD}")
                .pod(PodReader.read(new PodBody(PodJson.answer(garbled.getBytes(UTF_8))).json())));

        if (thrown != null) {
            assertThat(thrown)
                    .as(garbled)
                    .isInstanceOfAny(IOException.class, IllegalStateException.class, NumberFormatException.class);
        }
    }

    private static String garble(String json, Random random) {
        List<String> pieces =
                List.of("{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e999", "-", "\\u", "\\", "$(", "\0", "");
        StringBuilder garbled = new StringBuilder(json);
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int from = random.nextInt(garbled.length());
            int to = Math.min(garbled.length(), from + random.nextInt(random.nextBoolean() ? 3 : 60));
            String piece =
                    random.nextBoolean() ? pieces.get(random.nextInt(pieces.size())) : garbled.substring(from, to);
            garbled.replace(random.nextBoolean() ? from : to, to, piece);
        }
        return garbled.toString();
    }
}
