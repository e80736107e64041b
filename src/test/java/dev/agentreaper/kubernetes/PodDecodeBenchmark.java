package dev.agentreaper.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.agentreaper.bench.AgentPod;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What it takes to decode pods of 8 KB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PodDecodeBenchmark {
    private static final int POD_SIZE = 8_000;
    private static final int EVENTS = 200;
    private static final int PAGE = 500;

    private final byte[] watch = IntStream.range(0, EVENTS)
            .mapToObj(i -> "{\"type\":\"MODIFIED\",\"object\":%s}\n".formatted(pod(i)))
            .collect(Collectors.joining())
            .getBytes(UTF_8);

    private final byte[] page = IntStream.range(0, PAGE)
            .mapToObj(PodDecodeBenchmark::pod)
            .collect(Collectors.joining(
                    ",",
                    "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"1001\"},\"items\":[",
                    "]}"))
            .getBytes(UTF_8);

    /** One event of a watch that goes on. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void event(Blackhole used) throws IOException {
        try (PodStream events = PodJson.events(response(watch))) {
            for (PodEvent event = events.next(); event != null; event = events.next()) {
                used.consume(event);
            }
        }
    }

    /** A page of a list: 500 pods. */
    @Benchmark
    public void page(Blackhole used) throws IOException {
        try (Response response = response(page)) {
            used.consume(PodPage.read(response, used::consume));
        }
    }

    private static String pod(int number) {
        return AgentPod.json("agents", "agent-" + number, POD_SIZE);
    }

    private static Response response(byte[] body) {
        return new Response.Builder()
                .request(new Request.Builder().url("http://127.0.0.1/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .body(ResponseBody.create(body, null))
                .build();
    }
}
