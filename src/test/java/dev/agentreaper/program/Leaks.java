package dev.agentreaper.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks for what a program signs in with in all that it shows. */
final class Leaks {
    private static final Pattern NAME_OF_SECRET = Pattern.compile("\\w*(TOKEN|SECRET)");
    private static final Pattern IN_KUBECONFIG = Pattern.compile("(?:token|password|client-key-data): *\"?([^\\s\"]+)");
    private static final int SHORTEST = 8;

    /** As they are, and as they go over the wire. */
    private final List<String> forms;

    private final Set<String> shown = Collections.synchronizedSet(new TreeSet<>());

    Leaks(Map<String, String> environment) {
        forms = Stream.concat(
                        environment.entrySet().stream()
                                .filter(variable -> NAME_OF_SECRET
                                        .matcher(variable.getKey())
                                        .matches())
                                .map(Map.Entry::getValue),
                        inKubeconfig(environment.getOrDefault("KUBECONFIG", "")))
                .filter(secret -> secret.length() >= SHORTEST)
                .flatMap(secret ->
                        Stream.of(secret, URLEncoder.encode(secret, UTF_8), base64(secret), base64(":" + secret)))
                .toList();
    }

    /** Has a look at what is shown. */
    void lookInto(String text) {
        if (forms.stream().anyMatch(text::contains)) {
            shown.add(text);
        }
    }

    void assertNone() {
        if (!shown.isEmpty()) {
            throw new AssertionError("secrets are shown: " + shown);
        }
    }

    private static Stream<String> inKubeconfig(String file) {
        try {
            return Files.isRegularFile(Path.of(file))
                    ? IN_KUBECONFIG
                            .matcher(Files.readString(Path.of(file)))
                            .results()
                            .map(found -> found.group(1))
                    : Stream.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String base64(String secret) {
        return Base64.getEncoder().withoutPadding().encodeToString(secret.getBytes(UTF_8));
    }
}
