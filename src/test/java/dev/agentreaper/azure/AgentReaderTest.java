package dev.agentreaper.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentReaderTest {
    private static final String FULL = """
            {"systemCapabilities":{"Agent.Name":"agent-1","CLUSTER":"prod-1","AZP_TEMPLATE_JOB":"1","X":"1"},\
            "userCapabilities":{"TEAM":"a","Y":"1"},"maxParallelism":1,"createdOn":"2026-01-01T00:00:00Z",\
            "authorization":{"publicKey":{"exponent":"AQAB"}},"id":12,"name":"Größe-1","version":"4.248.0",\
            "osDescription":"Linux","enabled":true,"status":"offline","provisioningState":"Provisioned",\
            "statusChangedOn":"2026-02-03T04:05:06.1233333Z","assignedRequest":{"requestId":7},\
            "_links":{"self":{"href":"https://dev.azure.com/o"}}}""";

    private final AgentReader reader = new AgentReader(Set.of("CLUSTER", "TEAM"));
    private final List<String> odd = new ArrayList<>();
    private final List<Integer> soFar = new ArrayList<>();

    @Test
    void anAgentIsReadWithTheCapabilitiesThatAreAskedFor() throws IOException {
        assertThat(reader.one(stream(FULL)))
                .isEqualTo(new Agent(
                        12,
                        new AgentName("Größe-1"),
                        false,
                        true,
                        true,
                        Instant.parse("2026-02-03T04:05:06.1233333Z"),
                        Map.of("CLUSTER", "prod-1", "TEAM", "a", "AZP_TEMPLATE_JOB", "1")));
    }

    @Test
    void whatIsAbsentSpeaksForKeepingTheAgent() throws IOException {
        assertThat(agent("")).isEqualTo(new Agent(1, new AgentName("a"), true, false, false, null, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"offline\"', false",
        "'\"Offline\"', false",
        "'\"online\"', true",
        "'\"unknown\"', true",
        "'\"\"', true",
        "null, true",
        "0, true",
        "'[\"offline\"]', true"
    })
    void onlyWhatIsCalledOfflineIsOffline(String status, boolean online) throws IOException {
        assertThat(agent(",\"status\":" + status).online()).isEqualTo(online);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "false, false", "null, false", "1, false", "'\"true\"', false", "'{}', false"})
    void onlyWhatIsCalledEnabledIsEnabled(String value, boolean enabled) throws IOException {
        assertThat(agent(",\"enabled\":" + value).enabled()).isEqualTo(enabled);
    }

    @ParameterizedTest
    @CsvSource({"'{\"requestId\":7}', true", "'{}', true", "7, true", "null, false"})
    void anAgentIsBusyWhileAnythingIsAssignedToIt(String request, boolean busy) throws IOException {
        assertThat(agent(",\"assignedRequest\":" + request).busy()).isEqualTo(busy);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"2026-02-03T04:05:06Z\"', 2026-02-03T04:05:06Z",
        "'\"2026-02-03T06:05:06.5+02:00\"', 2026-02-03T04:05:06.500Z",
        "'\"0001-01-01T00:00:00\"',",
        "'\"0001-01-01T00:00:00Z\"',",
        "'\"2026-02-03T04:05:06\"',",
        "'\"yesterday\"',",
        "'\"\"',",
        "null,",
        "1770091506,",
        "'{}',",
    })
    void aTimeThatIsNoneIsAbsent(String value, Instant time) throws IOException {
        assertThat(agent(",\"statusChangedOn\":" + value).statusChangedOn()).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"systemCapabilities\":{\"CLUSTER\":\"s\"},\"userCapabilities\":{\"CLUSTER\":\"u\"}', s",
        "'\"userCapabilities\":{\"CLUSTER\":\"u\"},\"systemCapabilities\":null', u",
        "'\"userCapabilities\":[\"CLUSTER\"],\"systemCapabilities\":{\"CLUSTER\":\"s\"}', s",
        "'\"systemCapabilities\":{\"CLUSTER\":7}',",
        "'\"systemCapabilities\":{\"CLUSTER\":null}',",
        "'\"systemCapabilities\":\"CLUSTER\"',",
    })
    void aCapabilityIsTheSystemsBeforeTheUsers(String capabilities, String value) throws IOException {
        assertThat(agent("," + capabilities).capabilities().get("CLUSTER")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':1}",
                "{'name':'a'}",
                "{'id':0,'name':'a'}",
                "{'id':-1,'name':'a'}",
                "{'id':4294967297,'name':'a'}",
                "{'id':1.5,'name':'a'}",
                "{'id':1e30,'name':'a'}",
                "{'id':true,'name':'a'}",
                "{'id':'1','name':'a'}",
                "{'id':null,'name':'a'}",
                "{'id':1,'name':''}",
                "{'id':1,'name':null}",
                "{'id':1,'name':{}}",
                "null",
                "7",
                "[]"
            })
    void anAgentWithoutAnIdOrANameIsLeftAlone(String agent) throws IOException {
        String list = list(agent.replace('\'', '"'), FULL);

        assertThat(reader.list(stream(list), odd::add, soFar::add))
                .extracting(Agent::id)
                .containsExactly(12);
        assertThat(odd).hasSize(1);
    }

    @Test
    void aListIsReadWhateverElseIsInIt() throws IOException {
        String list = "{\"value\":[%s],\"count\":1,\"continuationToken\":{\"a\":[1,{}]}}".formatted(FULL);

        assertThat(reader.list(stream(list), odd::add, soFar::add))
                .extracting(Agent::id)
                .containsExactly(12);
        assertThat(reader.list(stream("{\"value\":[]}"), odd::add, soFar::add)).isEmpty();
        assertThat(odd).isEmpty();
        assertThat(soFar).containsExactly(1);
    }

    @Test
    void aByteOrderMarkIsNoFault() throws IOException {
        assertThat(reader.list(stream("\ufeff" + list(FULL)), odd::add, soFar::add))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{}",
                "{\"count\":0}",
                "{\"count\":2,\"value\":[{}]}",
                "{\"value\":[],\"count\":1}",
                "{\"count\":99999999999,\"value\":[]}",
                "{\"count\":1,\"value\":{}}",
                "{\"count\":0,\"value\":null}",
                "<html><body>Sign in</body></html>",
                "\ufeff<!DOCTYPE html>"
            })
    void whatIsNoWholeListIsRefused(String answer) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> reader.list(stream(answer), odd::add, soFar::add));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "<html></html>"})
    void whatIsNoAgentIsRefused(String answer) {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> reader.one(stream(answer)));
    }

    @Test
    void whatIsCutShortIsRefusedWhereverItIsCut() {
        byte[] agents = list(FULL, FULL).getBytes(UTF_8);
        for (int length = 0; length < agents.length; length++) {
            var cut = new ByteArrayInputStream(Arrays.copyOf(agents, length));
            assertThatExceptionOfType(IOException.class)
                    .as("list of %d bytes", length)
                    .isThrownBy(() -> reader.list(cut, odd::add, soFar::add));
        }
        byte[] agent = FULL.getBytes(UTF_8);
        for (int length = 0; length < agent.length; length++) {
            var cut = new ByteArrayInputStream(Arrays.copyOf(agent, length));
            assertThatExceptionOfType(IOException.class)
                    .as("agent of %d bytes", length)
                    .isThrownBy(() -> reader.one(cut));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "["})
    void whatIsNestedTooDeepIsRefused(String opening) {
        String deep = opening.repeat(10_000);

        assertThatExceptionOfType(StreamConstraintsException.class)
                .isThrownBy(() -> reader.list(stream("{\"value\":[" + deep), odd::add, soFar::add));
        assertThatExceptionOfType(StreamConstraintsException.class)
                .isThrownBy(() -> reader.list(stream("{\"x\":" + deep), odd::add, soFar::add));
        assertThatExceptionOfType(StreamConstraintsException.class)
                .isThrownBy(() -> reader.one(stream("{\"x\":" + deep)));
    }

    /** One with an id, a name and these fields. */
    private Agent agent(String fields) throws IOException {
        return requireNonNull(reader.one(stream("{\"id\":1,\"name\":\"a\"%s}".formatted(fields))));
    }

    private static String list(String... agents) {
        return "{\"count\":%d,\"value\":[%s]}".formatted(agents.length, String.join(",", agents));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }
}
