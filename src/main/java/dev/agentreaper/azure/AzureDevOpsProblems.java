package dev.agentreaper.azure;

import dev.agentreaper.azure.AzureDevOpsException.Kind;
import dev.agentreaper.azure.signin.Credential;
import dev.agentreaper.health.Problem;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.log.Printable;
import dev.agentreaper.network.NoAnswer;
import dev.agentreaper.network.ProxyServer;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong where a call to an organization fails, and how to mend it. */
record AzureDevOpsProblems(URI url, @Nullable ProxyServer proxy, String apiVersion, Credential credential) {
    private static final Pattern LATEST_VERSION = Pattern.compile("latest REST API version .* is (\\d+\\.\\d+)");

    /** What an answer that is no success says. */
    AzureDevOpsException failure(Response response, ErrorBody error) {
        int status = response.getStatus();
        String activity = response.getHeaderString("ActivityId");
        String what = "HTTP %d from %s%s%s%s."
                .formatted(
                        status,
                        url,
                        NoAnswer.by(proxy),
                        error.message().isEmpty() ? "" : ": " + error.message(),
                        activity == null ? "" : " (ActivityId " + Printable.of(activity) + ")");
        return new AzureDevOpsException(
                kind(status, error.typeKey()), new Problem("HTTP " + status, what, cure(status, error)));
    }

    private static Kind kind(int status, String typeKey) {
        return switch (typeKey) {
            case "TaskAgentJobStillRunningException" -> Kind.BUSY;
            case "TaskAgentNotFoundException", "TaskAgentPoolNotFoundException" -> Kind.NOT_FOUND;
            default ->
                switch (status) {
                    case 404 -> Kind.NOT_FOUND;
                    case 400, 409 -> Kind.REFUSED;
                    case 403 -> Kind.FORBIDDEN;
                    default -> Kind.UNAVAILABLE;
                };
        };
    }

    private String cure(int status, ErrorBody error) {
        Matcher version = LATEST_VERSION.matcher(error.message());
        if (version.find()) {
            return "set AZP_API_VERSION=%1$s (in the file, api-version: %1$s); it is %2$s now."
                    .formatted(version.group(1), apiVersion);
        }
        if (error.typeKey().equals("TaskAgentPoolNotFoundException")) {
            return PoolFinder.CURE_OF_UNKNOWN;
        }
        return switch (status) {
            case 203, 302, 401 -> credential.cureWhereUnknown(url);
            case 403 -> credential.cureWhereForbidden(url);
            case 404 ->
                "see that AZP_URL (in the file, url) names the organization, as https://dev.azure.com/my-org, or the"
                        + " server's collection, and AZP_POOL (in the file, pool) its pool.";
            case 407 -> NoAnswer.cureOfLogin(url, proxy);
            case 429 -> "nothing: Azure DevOps limits this identity's rate; calls wait as long as it asks.";
            default -> "where this lasts, see the status page of Azure DevOps.";
        };
    }

    /** @param within how long it was waited for */
    AzureDevOpsException noAnswer(Exception failure, Duration within) {
        return new AzureDevOpsException(
                Kind.UNAVAILABLE,
                new Problem(
                        "no answer",
                        "no usable answer from %s%s (%s)."
                                .formatted(url, NoAnswer.by(proxy), Printable.of(NoAnswer.reason(failure, within))),
                        NoAnswer.cure(
                                url,
                                proxy,
                                failure,
                                "see that AZP_URL (in the file, url) is right and can be reached from here (DNS, network policy, proxy,"
                                        + " certificate; REAPER_CA_FILE names an authority of your own).")));
    }

    AzureDevOpsException cannotSignIn(ProblemException why) {
        Problem problem = why.problem();
        return new AzureDevOpsException(
                Kind.UNAVAILABLE,
                new Problem(problem.kind(), "can't sign in to %s: %s".formatted(url, problem.what()), problem.cure()));
    }

    AzureDevOpsException signedOut() {
        return new AzureDevOpsException(
                Kind.SIGNED_OUT,
                new Problem(
                        "signed out",
                        "%s takes the access token no longer.".formatted(url),
                        "nothing: another one is asked for."));
    }
}
