package dev.agentreaper.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
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

    /**
     * Reads one; nothing if it is none, or if its signature is wrong.
     *
     * @param keys by which other clusters than the simulated one sign, by their issuers
     */
    static Optional<ServiceAccountToken> read(String signed, Map<String, PublicKey> keys) {
        int end = signed.lastIndexOf('.');
        int middle = signed.indexOf('.');
        if (middle <= 0 || middle == end) {
            return Optional.empty();
        }
        String content = signed.substring(0, end);
        JsonNode claims =
                AzureDevOpsJson.parse(new String(Base64.getUrlDecoder().decode(content.substring(middle + 1)), UTF_8));
        PublicKey key = keys.get(claims.path("iss").asText());
        String signature = signed.substring(end + 1);
        if (key == null ? !signature(content).equals(signature) : !isSigned(content, signature, key)) {
            return Optional.empty();
        }
        return Optional.of(new ServiceAccountToken(
                claims.path("iss").asText(),
                claims.path("sub").asText(),
                claims.path("aud").path(0).asText(),
                Instant.ofEpochSecond(claims.path("exp").asLong())));
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(UTF_8));
    }

    private static boolean isSigned(String content, String signature, PublicKey key) {
        try {
            Signature rsa = Signature.getInstance("SHA256withRSA");
            rsa.initVerify(key);
            rsa.update(content.getBytes(UTF_8));
            return rsa.verify(Base64.getUrlDecoder().decode(signature));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
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
