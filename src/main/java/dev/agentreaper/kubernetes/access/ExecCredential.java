package dev.agentreaper.kubernetes.access;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link ExecPlugin} is told, and what it prints.
 *
 * @see <a href="https://kubernetes.io/docs/reference/config-api/client-authentication.v1/">client authentication (v1)</a>
 */
final class ExecCredential {
    private static final String GROUP = "client.authentication.k8s.io/";
    static final String LATEST = GROUP + "v1";
    static final Set<String> VERSIONS = Set.of(LATEST, GROUP + "v1beta1", GROUP + "v1alpha1");

    private ExecCredential() {}

    /** What a plug-in is told of its caller: an {@code ExecCredential} without a status. */
    static String request(String apiVersion, @Nullable KubeconfigEntry cluster) {
        JsonObject spec = new JsonObject();
        spec.addProperty("interactive", false);
        if (cluster != null) {
            spec.add("cluster", cluster(cluster));
        }
        JsonObject info = new JsonObject();
        info.addProperty("apiVersion", apiVersion);
        info.addProperty("kind", "ExecCredential");
        info.add("spec", spec);
        return info.toString();
    }

    private static JsonObject cluster(KubeconfigEntry cluster) {
        JsonObject info = new JsonObject();
        for (String field : List.of("server", "tls-server-name", "certificate-authority-data", "proxy-url")) {
            String text = cluster.text(field);
            if (text != null) {
                info.addProperty(field, text);
            }
        }
        info.addProperty("insecure-skip-tls-verify", cluster.flag("insecure-skip-tls-verify"));
        for (Object extension : cluster.list("extensions")) {
            if (extension instanceof Map<?, ?> map && (GROUP + "exec").equals(map.get("name"))) {
                info.add("config", new Gson().toJsonTree(map.get("extension")));
            }
        }
        return info;
    }

    /**
     * How to sign in by what a plug-in has printed.
     *
     * @param called the plug-in
     * @throws IOException with what is wrong, and no part of what it printed, for the operator
     */
    static Identity read(String json, String apiVersion, String called) throws IOException {
        JsonObject printed = parse(json, called);
        if (!text(printed, "kind").equals("ExecCredential")
                || !text(printed, "apiVersion").equals(apiVersion)) {
            throw new IOException("%s did not print an ExecCredential of %s".formatted(called, apiVersion));
        }
        JsonObject status = printed.get("status") instanceof JsonObject object ? object : new JsonObject();
        String token = text(status, "token");
        String certificate = text(status, "clientCertificateData");
        String key = text(status, "clientKeyData");
        boolean certified = !certificate.isEmpty() && !key.isEmpty();
        if (token.isEmpty() && !certified) {
            throw new IOException(called + " printed neither a token nor a certificate with its key");
        }
        return new Identity(
                token.isEmpty() ? null : Identity.bearer(new DataOrFile.Data("the token of " + called, token)),
                certified
                        ? new ClientCertificate(
                                new DataOrFile.Data("the certificate of " + called, certificate),
                                new DataOrFile.Data("the key of " + called, key))
                        : null,
                until(text(status, "expirationTimestamp"), called));
    }

    private static JsonObject parse(String json, String called) throws IOException {
        try {
            if (JsonParser.parseString(json) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonParseException e) {
            // What it printed may be a secret, and the reader's message has a part of it.
        }
        throw new IOException(called + " did not print an ExecCredential as JSON");
    }

    /** Empty where there is none. */
    private static String text(JsonObject object, String field) {
        return object.get(field) instanceof JsonPrimitive value && value.isString() ? value.getAsString() : "";
    }

    private static @Nullable Instant until(String text, String called) throws IOException {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IOException(called + " printed an expirationTimestamp that is no time", e);
        }
    }
}
