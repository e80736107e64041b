package dev.agentreaper.simulator;

import dev.agentreaper.simulator.LoopbackHttpServer.Response;
import java.util.Map;

/** The service's refusals, in its own words. */
final class AzureDevOpsErrors {
    private static final String TASK_AGENT = "Microsoft.TeamFoundation.DistributedTask.WebApi";
    private static final String FRAMEWORK = "Microsoft.TeamFoundation.Framework.Server";
    private static final String VSS = "Microsoft.VisualStudio.Services.WebApi";

    private AzureDevOpsErrors() {}

    static Response unauthorized() {
        return error(
                        401,
                        FRAMEWORK,
                        "UnauthorizedRequestException",
                        "TF400813: The user '' is not authorized to access this resource.")
                .with("WWW-Authenticate", "Basic realm=\"simulator\"");
    }

    /** The token is sound, and revoked all the same (continuous access evaluation). */
    static Response insufficientClaims() {
        return unauthorized()
                .with(
                        "WWW-Authenticate",
                        "Bearer authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\","
                                + " error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"");
    }

    static Response needsManage(String pool) {
        return error(
                403,
                TASK_AGENT,
                "AccessDeniedException",
                "Access denied. The caller needs Manage permissions for pool " + pool
                        + " to perform the action. For more information, contact the Azure DevOps Server administrator.");
    }

    static Response poolNotFound(int pool) {
        return error(
                404, TASK_AGENT, "TaskAgentPoolNotFoundException", "No agent pool found with identifier " + pool + ".");
    }

    static Response agentNotFound(int agent, int pool) {
        return error(
                404,
                TASK_AGENT,
                "TaskAgentNotFoundException",
                "No agent found in pool " + pool + " with identifier " + agent + ".");
    }

    static Response jobStillRunning(String agent, String pool) {
        return error(
                400,
                TASK_AGENT,
                "TaskAgentJobStillRunningException",
                "Agent \"" + agent + "\" is running a job for pool \"" + pool + "\"");
    }

    static Response tooManyRequests() {
        return error(
                429,
                FRAMEWORK,
                "RequestBlockedException",
                "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource"
                        + " 'Concurrency' in namespace 'User ID'.");
    }

    static Response unexpected(int status) {
        return error(status, FRAMEWORK, "VssServiceException", "An unexpected error occurred.");
    }

    static Response versionMissing(String method) {
        return error(
                400,
                VSS,
                "VssVersionNotSpecifiedException",
                "No api-version was supplied for the \"" + method + "\" request. The version must be supplied either as"
                        + " part of the Accept header (e.g. \"application/json; api-version=1.0\") or as a query"
                        + " parameter (e.g. \"?api-version=1.0\").");
    }

    static Response versionInvalid(String version) {
        return error(400, VSS, "VssInvalidApiResourceVersionException", "The api-version " + version + " is invalid.");
    }

    static Response versionOutOfRange(String version, String latest) {
        return error(
                400,
                VSS,
                "VssVersionOutOfRangeException",
                "The requested REST API version of " + version + " is out of range for this server. The latest REST API"
                        + " version this server supports is " + latest + ".");
    }

    static Response versionInPreview(String version) {
        return error(
                400,
                VSS,
                "VssInvalidPreviewVersionException",
                "The requested version \"" + version + "\" of the resource is under preview. The -preview flag must be"
                        + " supplied in the api-version for such requests. For example: \"" + version + "-preview\"");
    }

    /** An answer from a gateway, a proxy or the sign-in pages rather than the API. */
    static Response html(int status, String title) {
        return new Response(
                status,
                Map.of("Content-Type", "text/html; charset=utf-8"),
                "<!DOCTYPE html><html><head><title>" + title + "</title></head><body>" + title + "</body></html>");
    }

    private static Response error(int status, String assembly, String typeKey, String message) {
        return AzureDevOpsJson.response(
                status,
                AzureDevOpsJson.object()
                        .put("$id", "1")
                        .putNull("innerException")
                        .put("message", message)
                        .put("typeName", assembly + "." + typeKey + ", " + assembly)
                        .put("typeKey", typeKey)
                        .put("errorCode", 0)
                        .put("eventId", 3000));
    }
}
