package dev.agentreaper.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.agentreaper.EndlessBody;
import dev.agentreaper.Mutations;
import dev.agentreaper.decision.Agent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Azure DevOps sends, damaged in many ways; the seed in a failure's name makes the same damage again. */
class DamagedAnswersTest {
    private static final int ROUNDS = 100;
    private static final String ERROR = """
            {"$id":"1","innerException":null,"message":"TF400813: no","typeName":"X, Y","typeKey":"XException","errorCode":0}""";
    private static final String LIST = "{\"count\":5,\"value\":[%s]}"
            .formatted(IntStream.rangeClosed(1, 5)
                    .mapToObj(DamagedAnswersTest::agent)
                    .collect(Collectors.joining(",")));

    private final AgentReader reader = new AgentReader(Set.of("CLUSTER"));

    static LongStream seeds() {
        return LongStream.range(0, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedListIsReadOrRefused(long seed) {
        rounds(seed, LIST, this::list);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedAgentIsReadOrRefused(long seed) {
        rounds(seed, agent(7), body -> reader.one(new ByteArrayInputStream(body)));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDamagedErrorIsNoOtherError(long seed) {
        rounds(seed, ERROR, body -> ErrorBody.read(new ByteArrayInputStream(body)));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aListThatLostAPartIsNeverTakenForAWholeOne(long seed) {
        Mutations mutations = new Mutations(new Random(seed));
        byte[] whole = LIST.getBytes(UTF_8);
        for (int round = 0; round < 10 * ROUNDS; round++) {
            byte[] damaged =
                    round % 2 == 0 ? mutations.cut(whole) : mutations.without(whole, 1 + round % (whole.length / 2));
            try {
                assertThat(list(damaged).size() + odd)
                        .as(new String(damaged, UTF_8))
                        .isEqualTo(5);
            } catch (IOException refused) {
                // As it should be.
            }
        }
    }

    @Test
    void aListWithoutSomeOfItsAgentsIsRefused() throws IOException {
        for (int from = 1; from <= 5; from++) {
            for (int to = from; to <= 5; to++) {
                int first = from;
                int last = to;
                String left = IntStream.rangeClosed(1, 5)
                        .filter(id -> id < first || id > last)
                        .mapToObj(DamagedAnswersTest::agent)
                        .collect(Collectors.joining(","));
                String body = "{\"count\":5,\"value\":[%s]}".formatted(left);

                assertThatIOException()
                        .isThrownBy(() -> list(body.getBytes(UTF_8)))
                        .withMessageContaining("cut short");
            }
        }
        assertThat(list(LIST.getBytes(UTF_8))).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"count\":1,\"value\":[{\"name\":\"",
                "{\"count\":1,\"value\":[{\"systemCapabilities\":{\"X\":\"",
                "{\"count\":1,\"other\":\"",
                "{\"value\":[[",
                "\""
            })
    void anAnswerWithoutEndIsRefused(String begin) {
        assertThatIOException()
                .isThrownBy(() -> reader.list(new EndlessBody(begin, "a"), DamagedAnswersTest::ignore, _ -> {}));
        assertThatIOException().isThrownBy(() -> reader.one(new EndlessBody(begin, "a")));
        assertThat(ErrorBody.read(new EndlessBody(begin, "a"))).isEqualTo(new ErrorBody("", ""));
    }

    @Test
    void aListOfAgentsWithoutEndIsRefused() {
        String begin = "{\"count\":1,\"value\":[" + agent(1);

        assertThatIOException()
                .isThrownBy(
                        () -> reader.list(new EndlessBody(begin, "," + agent(2)), DamagedAnswersTest::ignore, _ -> {}))
                .withMessageContaining("more than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void deepNestingIsRefusedWhereverItIs(String level) {
        String deep = level.repeat(10_000);

        assertThat(List.of(
                        deep,
                        "{\"value\":" + deep,
                        "{\"other\":" + deep,
                        "{\"value\":[{\"id\":1,\"name\":\"a\",\"systemCapabilities\":" + deep))
                .allSatisfy(body -> {
                    byte[] bytes = body.getBytes(UTF_8);
                    assertThatIOException().isThrownBy(() -> list(bytes));
                    assertThatIOException().isThrownBy(() -> reader.one(new ByteArrayInputStream(bytes)));
                });
    }

    private int odd;

    private List<Agent> list(byte[] body) throws IOException {
        odd = 0;
        return reader.list(new ByteArrayInputStream(body), _ -> odd++, _ -> {});
    }

    private static void ignore(String odd) {}

    private interface Reading {
        @Nullable
        Object read(byte[] body) throws IOException;
    }

    private static void rounds(long seed, String whole, Reading reading) {
        Mutations mutations = new Mutations(new Random(seed));
        for (int round = 0; round < ROUNDS; round++) {
            byte[] damaged = mutations.of(whole);
            try {
                Object _ = reading.read(damaged);
            } catch (IOException refused) {
                // As it may be.
            } catch (RuntimeException | Error e) {
                throw new AssertionError("round %d: %s".formatted(round, new String(damaged, UTF_8)), e);
            }
        }
    }

    private static String agent(int id) {
        return """
                {"systemCapabilities":{"CLUSTER":"prod-1"},"id":%1$d,"name":"agent-%1$d","enabled":true,"status":"offline",\
                "statusChangedOn":"2026-02-03T04:05:06.12Z","assignedRequest":null}""".formatted(id);
    }
}
