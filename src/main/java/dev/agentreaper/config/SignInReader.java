package dev.agentreaper.config;

import dev.agentreaper.azure.signin.EntraIdentity;
import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.azure.signin.SignIn;
import dev.agentreaper.config.Values.Given;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a pool signs in: in the pool's own way before an inherited one, with a personal access token before Microsoft
 * Entra, by a file before a value.
 */
final class SignInReader {
    private static final URI AUTHORITY = URI.create("https://login.microsoftonline.com");
    private static final URI METADATA = URI.create("http://169.254.169.254");
    private static final List<Key> TOKEN = List.of(Key.TOKEN_FILE, Key.TOKEN);
    private static final List<Key> ENTRA =
            List.of(Key.CLIENT_ID, Key.TENANT_ID, Key.FEDERATED_TOKEN_FILE, Key.CLIENT_SECRET);

    private final Values values;
    private final PoolValues pool;

    SignInReader(Values values, PoolValues pool) {
        this.values = values;
        this.pool = pool;
    }

    /** Null for a fault, which is noted. */
    @Nullable
    SignIn read() {
        if (pool.hasOwn(TOKEN)) {
            return token(pool.own(Key.TOKEN_FILE), pool.own(Key.TOKEN));
        }
        if (pool.hasOwn(ENTRA)) {
            return entra();
        }
        if (pool.inherits(TOKEN)) {
            return token(pool.inherited(Key.TOKEN_FILE), pool.inherited(Key.TOKEN));
        }
        // AKS sets these for whoever asks for a workload identity; so not before, and not besides, a token.
        if (pool.inherits(ENTRA)) {
            return entra();
        }
        pool.missing(
                Key.TOKEN_FILE,
                ", and so are %s and, for Microsoft Entra, %s%s"
                        .formatted(
                                pool.toAskFor(Key.TOKEN),
                                pool.toAskFor(Key.CLIENT_ID),
                                values.isEmpty(Key.TOKEN.variable())
                                        ? "; %s is set, but empty: see the Secret that it comes from"
                                                .formatted(Key.TOKEN.variable())
                                        : ""));
        return null;
    }

    private @Nullable SignIn token(@Nullable Given file, @Nullable Given token) {
        if (file != null) {
            if (token != null) {
                values.warn("%s is not used: %s goes before it.".formatted(token.name(), file.name()));
            }
            Path path = values.parse(file, Parsers::tokenFile, null);
            if (path == null) {
                return null;
            }
            warnOfWhiteSpace(file.name(), path);
            return new PersonalAccessToken.InFile(path);
        }
        String given = values.parse(token, Parsers::token, null);
        return given == null ? null : new PersonalAccessToken.Given(given);
    }

    /** What is wrong with the file is told when it is used: it may be there later, and another. */
    private void warnOfWhiteSpace(String name, Path file) {
        try {
            String text = Files.readString(file);
            if (!text.isBlank() && !text.equals(text.strip())) {
                values.warn(name + ": the white space around the token in its file is dropped.");
            }
        } catch (IOException e) {
            // As said.
        }
    }

    private @Nullable SignIn entra() {
        String client = pool.required(Key.CLIENT_ID, Parsers::clientId);
        Given proof = Stream.of(
                        pool.own(Key.FEDERATED_TOKEN_FILE),
                        pool.own(Key.CLIENT_SECRET),
                        pool.inherited(Key.FEDERATED_TOKEN_FILE),
                        pool.inherited(Key.CLIENT_SECRET))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (proof == null && pool.given(Key.TENANT_ID) == null) {
            URI metadata = pool.parse(Key.METADATA_HOST, Parsers::serviceUrl, METADATA);
            return client == null || metadata == null ? null : new EntraIdentity.ManagedIdentity(metadata, client);
        }
        String tenant = pool.required(
                Key.TENANT_ID,
                ": only a managed identity of the machine does without, and that takes %s alone"
                        .formatted(pool.toAskFor(Key.CLIENT_ID)),
                Parsers::tenantId);
        URI authority = pool.parse(Key.AUTHORITY_HOST, Parsers::serviceUrl, AUTHORITY);
        if (authority != null && !Parsers.isEncryptedOrLocal(authority)) {
            values.warn("%s: what proves who we are goes unencrypted to %s; use https."
                    .formatted(Key.AUTHORITY_HOST.variable(), authority.getHost()));
        }
        values.checkProxyTo(authority);
        if (proof == null) {
            pool.missing(
                    Key.FEDERATED_TOKEN_FILE,
                    ", and so is %s; for a managed identity of the machine leave out %s"
                            .formatted(pool.toAskFor(Key.CLIENT_SECRET), pool.toAskFor(Key.TENANT_ID)));
            return null;
        }
        if (proof.key() == Key.FEDERATED_TOKEN_FILE) {
            Path file = values.parse(proof, Parsers::federatedTokenFile, null);
            return client == null || tenant == null || authority == null || file == null
                    ? null
                    : new EntraIdentity.WorkloadIdentity(authority, tenant, client, file);
        }
        String secret = values.parse(proof, Parsers::token, null);
        return client == null || tenant == null || authority == null || secret == null
                ? null
                : new EntraIdentity.ClientSecret(authority, tenant, client, secret);
    }
}
