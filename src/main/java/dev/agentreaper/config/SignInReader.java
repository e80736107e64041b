package dev.agentreaper.config;

import dev.agentreaper.azure.signin.EntraIdentity;
import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.azure.signin.SignIn;
import dev.agentreaper.config.Values.Given;
import dev.agentreaper.config.Values.Parser;
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
    private final Names names;

    SignInReader(Values values, Names names) {
        this.values = values;
        this.names = names;
    }

    /** Null for a fault, which is noted. */
    @Nullable
    SignIn read(String pool) {
        if (hasOwn(pool, TOKEN)) {
            return token(own(pool, Key.TOKEN_FILE), own(pool, Key.TOKEN));
        }
        if (hasOwn(pool, ENTRA)) {
            return entra(pool);
        }
        if (TOKEN.stream().anyMatch(key -> inherited(key) != null)) {
            return token(inherited(Key.TOKEN_FILE), inherited(Key.TOKEN));
        }
        // AKS sets these for whoever asks for a workload identity; so not before, and not besides, a token.
        if (ENTRA.stream().anyMatch(key -> inherited(key) != null)) {
            return entra(pool);
        }
        values.missing(
                Key.TOKEN_FILE,
                names.toAskFor(pool, Key.TOKEN_FILE),
                ", and so are %s and, for Microsoft Entra, %s%s"
                        .formatted(
                                names.toAskFor(pool, Key.TOKEN),
                                names.toAskFor(pool, Key.CLIENT_ID),
                                values.isEmpty(Key.TOKEN.variable())
                                        ? "; %s is set, but empty: see the Secret that it comes from"
                                                .formatted(Key.TOKEN.variable())
                                        : ""));
        return null;
    }

    private @Nullable SignIn token(@Nullable Given file, @Nullable Given token) {
        if (file != null) {
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

    private @Nullable SignIn entra(String pool) {
        String client = required(pool, Key.CLIENT_ID, "", Parsers::clientId);
        Given proof = Stream.of(
                        own(pool, Key.FEDERATED_TOKEN_FILE),
                        own(pool, Key.CLIENT_SECRET),
                        inherited(Key.FEDERATED_TOKEN_FILE),
                        inherited(Key.CLIENT_SECRET))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (proof == null && given(pool, Key.TENANT_ID) == null) {
            URI metadata = values.parse(given(pool, Key.METADATA_HOST), Parsers::serviceUrl, METADATA);
            return client == null || metadata == null ? null : new EntraIdentity.ManagedIdentity(metadata, client);
        }
        String tenant = required(
                pool,
                Key.TENANT_ID,
                ": only a managed identity of the machine does without, and that takes %s alone"
                        .formatted(names.toAskFor(pool, Key.CLIENT_ID)),
                Parsers::tenantId);
        URI authority = values.parse(given(pool, Key.AUTHORITY_HOST), Parsers::serviceUrl, AUTHORITY);
        if (authority != null && !Parsers.isEncryptedOrLocal(authority)) {
            values.warn("%s: what proves who we are goes unencrypted to %s; use https."
                    .formatted(Key.AUTHORITY_HOST.variable(), authority.getHost()));
        }
        values.checkProxyTo(authority);
        if (proof == null) {
            values.missing(
                    Key.FEDERATED_TOKEN_FILE,
                    names.toAskFor(pool, Key.FEDERATED_TOKEN_FILE),
                    ", and so is %s; for a managed identity of the machine leave out %s"
                            .formatted(names.toAskFor(pool, Key.CLIENT_SECRET), names.toAskFor(pool, Key.TENANT_ID)));
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

    private <T> @Nullable T required(String pool, Key key, String why, Parser<T> parser) {
        Given given = given(pool, key);
        if (given == null) {
            values.missing(key, names.toAskFor(pool, key), why);
        }
        return values.parse(given, parser, null);
    }

    private boolean hasOwn(String pool, List<Key> keys) {
        return keys.stream().anyMatch(key -> own(pool, key) != null);
    }

    private @Nullable Given given(String pool, Key key) {
        return values.first(key, names.ofPool(pool, key), key.variable());
    }

    private @Nullable Given own(String pool, Key key) {
        return values.first(key, names.ofPool(pool, key));
    }

    private @Nullable Given inherited(Key key) {
        return values.first(key, key.variable());
    }
}
