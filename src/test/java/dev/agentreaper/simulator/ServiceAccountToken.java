package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A token of a service account, as the kubelet projects it into a pod: a signed JWT. */
public record ServiceAccountToken(String issuer, String subject, String audience, Instant end) {
    public static final String ISSUER = "https://oidc.simulated-cluster.example/";
    public static final String AUDIENCE = "api://AzureADTokenExchange";

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** One of the simulated cluster, for the exchange against a token of Microsoft Entra. */
    public static ServiceAccountToken of(String namespace, String name, Instant end) {
        return new ServiceAccountToken(ISSUER, "system:serviceaccount:" + namespace + ":" + name, AUDIENCE, end);
    }

    public ServiceAccountToken withAudience(String other) {
        return new ServiceAccountToken(issuer, subject, other, end);
    }

    public ServiceAccountToken withIssuer(String other) {
        return new ServiceAccountToken(other, subject, audience, end);
    }

    /** As it goes over the wire; another one each time, as tokens are. */
    public String signed() {
        ObjectNode claims = AzureDevOpsJson.object()
                .put("iss", issuer)
                .put("sub", subject)
                .put("exp", end.getEpochSecond())
                .put("jti", UUID.randomUUID().toString());
        claims.putArray("aud").add(audience);
        String content = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64(claims.toString());
        return content + "." + signature(content);
    }

    /** Reads one; nothing if it is none, or if its signature is wrong. */
    static Optional<ServiceAccountToken> read(String signed) {
        int end = signed.lastIndexOf('.');
        int middle = signed.indexOf('.');
        if (middle <= 0 || middle == end || !signature(signed.substring(0, end)).equals(signed.substring(end + 1))) {
            return Optional.empty();
        }
        JsonNode claims = AzureDevOpsJson.parse(
                new String(Base64.getUrlDecoder().decode(signed.substring(middle + 1, end)), UTF_8));
        return Optional.of(new ServiceAccountToken(
                claims.path("iss").asText(),
                claims.path("sub").asText(),
                claims.path("aud").path(0).asText(),
                Instant.ofEpochSecond(claims.path("exp").asLong())));
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(UTF_8));
    }

    private static String signature(String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("the simulated cluster's key".getBytes(UTF_8), "HmacSHA256"));
            return BASE64.encodeToString(mac.doFinal(content.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
