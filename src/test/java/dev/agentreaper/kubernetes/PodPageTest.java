package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentreaper.decision.PodKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodPageTest {
    private static final String SMALL = """
            {"metadata":{"namespace":"ci","name":"b"}}""";

    @Test
    void aListIsReadWithAllItsPods() throws IOException {
        Read read = read(PodJson.list(PodJson.FULL, SMALL));

        assertThat(read.page()).isEqualTo(new PodPage("123457", null));
        assertThat(read.pods())
                .extracting(PodFacts::key)
                .containsExactly(new PodKey("ci", "agent-7d9f-x2x4z"), new PodKey("ci", "b"));
    }

    @Test
    void fieldsThatAreNotKnownAreSkippedWhereverTheyAre() throws IOException {
        String list = PodJson.list(PodJson.FULL, SMALL);
        String inEachObjectButASource = "\\{(?=\"(?!fieldRef|secretKeyRef))";

        Read read = read(list.replaceAll(inEachObjectButASource, "{\"new\":{\"a\":[{},[null,1e9]]},"));

        assertThat(read).isEqualTo(read(list));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null"})
    void aListOfNoPodsIsEmpty(String items) throws IOException {
        assertThat(read(PodJson.list().replace("[]", items)).pods()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"next\"", "\"\"", "null"})
    void aPageSaysWhichIsNext(String token) throws IOException {
        String list = PodJson.list(SMALL)
                .replace("{\"resourceVersion\"", "{\"continue\":%s,\"resourceVersion\"".formatted(token));

        assertThat(read(list).page().next()).isEqualTo(token.equals("\"next\"") ? "next" : null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'kind':'PodList','items':[]}",
                "{'kind':'PodList','metadata':{},'items':[]}",
                "{'kind':'PodList','metadata':{'resourceVersion':''},'items':[]}",
                "{'kind':'PodList','metadata':{'resourceVersion':null},'items':[]}",
                "{'kind':'PodList','metadata':{'resourceVersion':7},'items':[]}",
                "{'kind':'PodList','metadata':{'resourceVersion':'7'}}",
                "{'kind':'PodList','metadata':{'resourceVersion':'7'},'items':{}}",
                "{'kind':'PodList','metadata':{'resourceVersion':'7'},'items':'none'}",
                "{'kind':'PodList','metadata':{'resourceVersion':'7'},'items':[null]}",
                "{'kind':'PodList','metadata':{'resourceVersion':'7'},'items':[{}]}",
                "{'kind':'PodList','metadata':{'resourceVersion':'7'},'items':[{'metadata':{'name':'a'}}]}",
                "{'kind':'PodList','metadata':{'resourceVersion':'7'},'items':[{'metadata':{'namespace':'a','name':1}}]}",
                "{'kind':'Status','metadata':{'resourceVersion':'7'},'items':[]}",
                "{'kind':['PodList'],'metadata':{'resourceVersion':'7'},'items':[]}",
                "{'metadata':{'resourceVersion':'7'},'items':[]}",
                "",
                " ",
                "{\"kind\":\"PodList\"",
            })
    void whatIsNoListOfPodsIsRefused(String json) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "\"PodList\"", "1", "<html></html>", "no such host"})
    void whatIsNoObjectIsRefused(String answer) {
        assertThatThrownBy(() -> read(answer)).isInstanceOfAny(IOException.class, IllegalStateException.class);
    }

    @Test
    void aPodIsGivenAwayBeforeTheNextIsRead() {
        String list = PodJson.list(SMALL, PodJson.FULL);
        byte[] cut = list.substring(0, list.indexOf("agent-7d9f")).getBytes(UTF_8);
        List<PodFacts> pods = new ArrayList<>();

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> PodPage.read(PodJson.answer(cut), pods::add));

        assertThat(pods).extracting(PodFacts::key).containsExactly(new PodKey("ci", "b"));
    }

    @Test
    void aListThatIsCutShortIsRefusedWhereverItIsCut() {
        byte[] whole = PodJson.list(PodJson.FULL, SMALL).getBytes(UTF_8);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatExceptionOfType(IOException.class)
                    .as("cut to %d bytes", length)
                    .isThrownBy(() -> PodPage.read(PodJson.answer(cut), _ -> {}));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "["})
    void aListThatIsNestedTooDeepIsRefused(String opening) {
        String list = PodJson.list(SMALL).replace("\"items\"", "\"x\":%s,\"items\"".formatted(opening.repeat(10_000)));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(list));
    }

    private record Read(PodPage page, List<PodFacts> pods) {}

    private static Read read(String json) throws IOException {
        List<PodFacts> pods = new ArrayList<>();
        return new Read(PodPage.read(PodJson.answer(json.getBytes(UTF_8)), pods::add), pods);
    }
}
