package dev.agentreaper.simulator;

import dev.agentreaper.simulator.LoopbackHttpServer.Request;
import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The REST versions that a server takes.
 *
 * @param latest the latest released one, such as {@code 7.1}
 * @param preview the latest one that it takes with {@code -preview}
 */
record AzureDevOpsApiVersions(String latest, String preview) {
    private static final Pattern IN_ACCEPT = Pattern.compile("api-version=([^;,\\s]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+)(-preview(\\.\\d+)?)?");

    /** The refusal of a request whose version, in its query or its {@code Accept} header, is not acceptable. */
    Optional<Response> refusal(Request request, AzureDevOpsCall call) {
        Matcher accept = IN_ACCEPT.matcher(request.headers().getOrDefault("Accept", ""));
        String asked = call.query().getOrDefault("api-version", accept.find() ? accept.group(1) : "");
        if (asked.isEmpty()) {
            boolean mayLackIt =
                    request.method().equals("GET") || request.method().equals("OPTIONS");
            return mayLackIt ? Optional.empty() : Optional.of(AzureDevOpsErrors.versionMissing(request.method()));
        }
        Matcher version = VERSION.matcher(asked);
        if (!version.matches()) {
            return Optional.of(AzureDevOpsErrors.versionInvalid(asked));
        }
        String number = version.group(1);
        if (isAfter(number, preview)) {
            return Optional.of(AzureDevOpsErrors.versionOutOfRange(number, latest));
        }
        if (isAfter(number, latest) && version.group(2) == null) {
            return Optional.of(AzureDevOpsErrors.versionInPreview(number));
        }
        return Optional.empty();
    }

    private static boolean isAfter(String one, String other) {
        return new BigDecimal(one).compareTo(new BigDecimal(other)) > 0;
    }
}
