package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** Something that goes wrong with a call. */
public sealed interface AzureDevOpsFault {
    /** The call has no effect, and this is what the client gets. */
    record Instead(Response response) implements AzureDevOpsFault {}

    /** The call is served, and its answer changes on the way. */
    record Altered(UnaryOperator<Response> change) implements AzureDevOpsFault {}

    /** The call is served after a delay. */
    record Delayed(Duration delay) implements AzureDevOpsFault {}

    /** The call fails so, or nothing happens to it. */
    record Sometimes(AzureDevOpsFault fault, Random random) implements AzureDevOpsFault {}

    /** The call goes without an answer. */
    enum Unanswered implements AzureDevOpsFault {
        /** It has no effect, and the connection is reset. */
        RESET,
        /** It has no effect, and the connection stays silent until the fault is cleared; then it is reset. */
        SILENCE,
        /** It is served, and the connection is reset in place of the answer. */
        ANSWER_LOST
    }

    /** A fault that is in force. */
    interface Handle {
        /** Ends it, and releases the calls that it holds. */
        void clear();
    }

    static AzureDevOpsFault connectionReset() {
        return Unanswered.RESET;
    }

    static AzureDevOpsFault hang() {
        return Unanswered.SILENCE;
    }

    static AzureDevOpsFault answerLost() {
        return Unanswered.ANSWER_LOST;
    }

    static AzureDevOpsFault delay(Duration delay) {
        return new Delayed(delay);
    }

    /** The call has no effect and gets this answer; {@code Date} and the activity's headers are added. */
    static AzureDevOpsFault answer(int status, Map<String, String> headers, String body) {
        return new Instead(new Response(status, headers, body));
    }

    /** As {@link #answer}, and the last text comes again and again, without end. */
    static AzureDevOpsFault answerWithoutEnd(int status, String begin, String forEver) {
        return new Instead(new Response(status, Map.of("Content-Type", "application/json"), begin, forEver));
    }

    /** A proxy's page, with the status of success. */
    static AzureDevOpsFault htmlPage() {
        return new Instead(AzureDevOpsErrors.html(200, "Welcome"));
    }

    /** What a bad token gets without {@code X-TFS-FedAuthRedirect: Suppress}: a page and a status that looks well. */
    static AzureDevOpsFault signInPage() {
        return new Instead(AzureDevOpsErrors.html(203, "Azure DevOps Services | Sign In"));
    }

    static AzureDevOpsFault redirectToSignIn() {
        return new Instead(AzureDevOpsErrors.html(302, "Object moved")
                .with("Location", "https://spsprodweu1.vssps.visualstudio.com/_signin"));
    }

    static AzureDevOpsFault unauthorized() {
        return new Instead(AzureDevOpsErrors.unauthorized());
    }

    static AzureDevOpsFault forbidden() {
        return new Instead(AzureDevOpsErrors.needsManage("Default"));
    }

    static AzureDevOpsFault poolNotFound() {
        return new Instead(AzureDevOpsErrors.poolNotFound(1));
    }

    /** The organization is not there, or the base address is wrong. */
    static AzureDevOpsFault htmlNotFound() {
        return new Instead(AzureDevOpsErrors.html(404, "Page not found"));
    }

    static AzureDevOpsFault tooManyRequests() {
        return new Instead(AzureDevOpsErrors.tooManyRequests());
    }

    static AzureDevOpsFault tooManyRequests(Duration retryAfter) {
        return new Instead(throttled(AzureDevOpsErrors.tooManyRequests(), retryAfter));
    }

    /** The call is served, and its answer asks to wait before the next one. */
    static AzureDevOpsFault slowDown(Duration retryAfter) {
        return new Altered(response -> throttled(response, retryAfter));
    }

    /** The call is served, and its answer says that the next would be held back, with no {@code Retry-After}. */
    static AzureDevOpsFault allUsedUp(Duration untilReset) {
        return new Altered(response -> remaining(response, 0, untilReset));
    }

    /** The call is served, and its answer says that so many units of 200 are left. */
    static AzureDevOpsFault littleIsLeft(int units, Duration untilReset) {
        return new Altered(response -> remaining(response, units, untilReset));
    }

    static AzureDevOpsFault serverError() {
        return new Instead(AzureDevOpsErrors.unexpected(500));
    }

    static AzureDevOpsFault unavailable() {
        return new Instead(AzureDevOpsErrors.html(503, "Service unavailable"));
    }

    /** Fewer bytes than {@code Content-Length} says, and then the end of the connection. */
    static AzureDevOpsFault cutConnection() {
        return new Altered(Response::cutInHalf);
    }

    /** JSON that ends in the middle, in a body of the right length. */
    static AzureDevOpsFault cutJson() {
        return new Altered(response -> response.cutInHalf().without("Content-Length"));
    }

    static AzureDevOpsFault byteOrderMark() {
        return new Altered(response -> response.withBody("\uFEFF" + response.body()));
    }

    static AzureDevOpsFault emptyBody() {
        return new Altered(response -> response.withBody(""));
    }

    static AzureDevOpsFault deeplyNested() {
        String body = "{\"count\":1,\"value\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}";
        return new Altered(response -> response.withBody(body));
    }

    /** A list that holds one value fewer than its {@code count} says. */
    static AzureDevOpsFault countTooLarge() {
        return new Altered(response -> AzureDevOpsJson.parse(response.body()) instanceof ObjectNode list
                ? response.withBody(
                        list.put("count", list.path("count").asInt() + 1).toString())
                : response);
    }

    /** The server's clock is ahead, or behind if the skew is negative. */
    static AzureDevOpsFault dateSkewed(Duration skew) {
        return new Altered(response -> response.with(
                "Date",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.parse(
                                response.headers().getOrDefault("Date", ""), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .plus(skew))));
    }

    /** The call is served, and this is done before its answer is sent. */
    static AzureDevOpsFault meanwhile(Runnable done) {
        return new Altered(response -> {
            done.run();
            return response;
        });
    }

    /** The call fails so or is served, as it happens. */
    static AzureDevOpsFault sometimes(AzureDevOpsFault fault, Random random) {
        return new Sometimes(fault, random);
    }

    static AzureDevOpsFault dateMissing() {
        return new Altered(response -> response.without("Date"));
    }

    private static Response throttled(Response response, Duration retryAfter) {
        String seconds = Long.toString(retryAfter.toSeconds());
        return remaining(response, 0, retryAfter).with("Retry-After", seconds).with("X-RateLimit-Delay", seconds);
    }

    private static Response remaining(Response response, int units, Duration untilReset) {
        return response.with("X-RateLimit-Resource", "Concurrency")
                .with("X-RateLimit-Limit", "200")
                .with("X-RateLimit-Remaining", Integer.toString(units))
                .with(
                        "X-RateLimit-Reset",
                        Long.toString(Instant.now().plus(untilReset).getEpochSecond()));
    }
}
