package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodStreamTest {
    private static final String POD = """
            {"kind":"Pod","metadata":{"namespace":"ci","name":"a","uid":"1","resourceVersion":"7"}}""";

    @Test
    void eventsComeInTheirOrderUntilTheServerEndsTheWatch() throws IOException {
        String lines = event("ADDED", POD) + event("MODIFIED", POD) + event("DELETED", POD.replace("7", "8"));

        assertThat(read(lines))
                .hasExactlyElementsOfTypes(PodEvent.Changed.class, PodEvent.Changed.class, PodEvent.Left.class)
                .last()
                .isInstanceOfSatisfying(PodEvent.Left.class, left -> {
                    assertThat(left.pod().key()).hasToString("ci/a");
                    assertThat(left.resourceVersion()).isEqualTo("8");
                });
    }

    @Test
    void aWatchInWhichNothingHappenedEndsLikeAnyOther() throws IOException {
        assertThat(read("")).isEmpty();
    }

    @Test
    void aBookmarkSaysHowFarTheWatchCame() throws IOException {
        String bookmark = """
                {"kind":"Pod","metadata":{"resourceVersion":"9"},"spec":{"containers":null},"status":{}}""";

        assertThat(read(event("BOOKMARK", bookmark))).containsExactly(new PodEvent.Bookmark("9"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"RENAMED","object":{"kind":"Pod","metadata":{"namespace":"ci","name":"a"}}}
            {"type":"ADDED","object":{"kind":"Node","metadata":{"name":"a"}}}
            {"type":7,"object":{"kind":"Pod"}}
            {}
            """)
    void anEventThatIsNotKnownIsPassedOver(String line) throws IOException {
        assertThat(read(line + "\n" + event("ADDED", POD)))
                .hasExactlyElementsOfTypes(PodEvent.Unknown.class, PodEvent.Changed.class);
    }

    @ParameterizedTest
    @CsvSource({"410, Expired, true", "500, InternalError, false"})
    void anErrorEndsTheWatchAndSaysWhetherItsVersionIsTooOld(int code, String reason, boolean expired) {
        String status = """
                {"kind":"Status","status":"Failure","message":"too old\\nresource version","reason":"%s","code":%d}""".formatted(reason, code);

        assertThatExceptionOfType(KubernetesException.class)
                .isThrownBy(() -> read(event("ADDED", POD) + event("ERROR", status)))
                .withMessageContaining("HTTP %d", code)
                .withMessageContaining("too old?resource version")
                .satisfies(e -> assertThat(e.isExpired()).isEqualTo(expired));
    }

    @Test
    void anEventThatIsCutShortIsAnError() {
        String line = event("ADDED", POD).strip();

        for (int length = 1; length < line.length(); length++) {
            String cut = line.substring(0, length);
            assertThatExceptionOfType(IOException.class).as(cut).isThrownBy(() -> read(event("ADDED", POD) + cut));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><body>Bad gateway</body></html>",
                "[]",
                "null",
                "7",
                "{\"type\":\"ADDED\"}",
                "{\"type\":\"ADDED\",\"object\":null}",
                "{\"type\":\"DELETED\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}}",
                "{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"metadata\":{}}}",
                "{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"ci\",\"name\":\"a\"}}}"
            })
    void whatIsNoEventIsAnError(String line) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(line));
    }

    private static String event(String type, String object) {
        return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
    }

    private static List<PodEvent> read(String lines) throws IOException {
        List<PodEvent> events = new ArrayList<>();
        try (PodStream stream = PodJson.events(PodJson.answer(lines.getBytes(UTF_8)))) {
            for (PodEvent event = stream.next(); event != null; event = stream.next()) {
                events.add(event);
            }
        }
        return events;
    }
}
