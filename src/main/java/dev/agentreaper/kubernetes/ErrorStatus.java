package dev.agentreaper.kubernetes;

import com.google.gson.stream.JsonReader;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.health.Problem;
import dev.agentreaper.log.Printable;
import java.io.IOException;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A Kubernetes {@code Status}: how the API server says that something failed. */
final class ErrorStatus {
    private static final long READ_AT_MOST = 64 * 1024;

    /** A name that means nothing more to a shell. */
    private static final Pattern USER = Pattern.compile("User \"([\\w:.@/+-]+)\"");

    private boolean isStatus;
    private int code;
    private @Nullable String reason;
    private @Nullable String message;
    private @Nullable String detailsName;

    /** Reads the body of an answer that is no success; whatever it is, it is no error here. */
    static ErrorStatus read(Response response) throws IOException {
        ErrorStatus status = new ErrorStatus();
        try {
            JsonReader json = new JsonReader(
                    new StringReader(response.peekBody(READ_AT_MOST).string()));
            Json.object(json, status::field);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            return new ErrorStatus();
        }
        return status;
    }

    void field(String field, JsonReader json) throws IOException {
        switch (field) {
            case "kind" -> isStatus = "Status".equals(Json.string(json));
            case "code" -> code = Json.number(json);
            case "reason" -> reason = Json.string(json);
            case "message" -> message = Json.string(json);
            case "details" ->
                Json.object(json, (name, value) -> {
                    if (name.equals("name")) {
                        detailsName = Json.string(value);
                    } else {
                        value.skipValue();
                    }
                });
            default -> json.skipValue();
        }
    }

    int code() {
        return code;
    }

    /** Whether it is about this very pod: a missing path or namespace, or a proxy's page, is not. */
    boolean saysNotFound(PodKey pod) {
        return isStatus && "NotFound".equals(reason) && pod.name().equals(detailsName);
    }

    KubernetesException failure(int statusCode, String from) {
        String said = message == null ? "" : ": " + Printable.of(message);
        String what = "HTTP %d from %s%s.".formatted(statusCode, from, said);
        return new KubernetesException(
                new Problem("HTTP " + statusCode, what, cure(statusCode)),
                statusCode,
                statusCode == 403 ? refusedUser() : null);
    }

    private @Nullable String refusedUser() {
        Matcher user = USER.matcher(String.valueOf(message));
        return user.find() ? user.group(1) : null;
    }

    private static String cure(int statusCode) {
        return switch (statusCode) {
            case 400 -> "see that REAPER_POD_SELECTOR is a label selector, for example app=azdevops-agent.";
            case 401 ->
                "renew the service account's token, or the user in KUBECONFIG; the API server does not accept it.";
            case 403 ->
                "grant get, list and watch on pods to our service account: kubectl create role agent-reaper"
                        + " --verb=get,list,watch --resource=pods, and a rolebinding, in each namespace that"
                        + " REAPER_NAMESPACES names; a clusterrole and a clusterrolebinding where it names none.";
            case 301, 302, 303, 307, 308, 404 -> "see that the address is a Kubernetes API server's, and no proxy's.";
            case 410 -> "nothing: pods are listed anew.";
            default -> "where this lasts, look at the API server.";
        };
    }
}
