package dev.agentreaper.config;

import dev.agentreaper.azure.signin.PersonalAccessToken;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.Mode;
import dev.agentreaper.health.FaultException;
import dev.agentreaper.network.TrustedCertificates;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes values of text; each throws {@link IllegalArgumentException} with what is wrong with it, for the operator. */
final class Parsers {
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern API_VERSION = Pattern.compile("\\d+\\.\\d+(-preview(\\.\\d+)?)?");
    private static final String LABEL = "([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?";
    private static final String VALUE = "([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?";
    private static final String REQUIREMENT =
            "\\s*(!?%1$s|%1$s\\s*(=|==|!=)\\s*%2$s|%1$s\\s+(in|notin)\\s*\\(\\s*%2$s(\\s*,\\s*%2$s)*\\s*\\))\\s*"
                    .formatted(LABEL, VALUE);
    private static final Pattern SELECTOR = Pattern.compile(REQUIREMENT + "(," + REQUIREMENT + ")*");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d+){3}|\\[::1]");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)+");

    private Parsers() {}

    static Mode mode(String text) {
        return switch (text) {
            case "delete" -> Mode.DELETE;
            case "dry-run" -> Mode.DRY_RUN;
            default -> throw new IllegalArgumentException("it is neither delete nor dry-run");
        };
    }

    /** That of anything that is asked over HTTP, without slashes at its end. */
    static URI serviceUrl(String text) {
        URI url = httpUrl(text);
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("it is the address of a page; leave out what follows ? or #");
        }
        return url;
    }

    /** The same, of a page too. */
    static URI httpUrl(String text) {
        URI url;
        try {
            url = new URI(text.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("it is not a URL; a blank in one is written %20", e);
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!List.of("https", "http").contains(scheme) || url.getHost() == null) {
            throw new IllegalArgumentException("it is not a URL that begins with https:// and a host");
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "it has a user or a token in it, which belongs into " + Key.TOKEN.variable());
        }
        return url;
    }

    /** Whether nobody can read on the way what is sent there. */
    static boolean isEncryptedOrLocal(URI url) {
        return "https".equalsIgnoreCase(url.getScheme())
                || LOOPBACK.matcher(url.getHost()).matches();
    }

    static String pool(String text) {
        if (text.matches("\\d{10,}")) {
            throw new IllegalArgumentException("it is too large to be a pool's id");
        }
        return text;
    }

    static List<String> namespaces(String text) {
        List<String> names = list(text);
        for (String name : names) {
            if (!NAMESPACE.matcher(name).matches()) {
                throw new IllegalArgumentException("«%s» is not the name of a namespace".formatted(name));
            }
        }
        return names.stream().distinct().toList();
    }

    static String selector(String text) {
        if (!SELECTOR.matcher(text).matches()) {
            throw new IllegalArgumentException("it is not a label selector");
        }
        return text;
    }

    static Globs globs(String text) {
        return new Globs(list(text));
    }

    static Map<String, String> capabilities(String text) {
        Map<String, String> capabilities = new LinkedHashMap<>();
        for (String pair : list(text)) {
            int equals = pair.indexOf('=');
            if (equals <= 0 || equals == pair.length() - 1) {
                throw new IllegalArgumentException("«%s» is not NAME=VALUE".formatted(pair));
            }
            String name = pair.substring(0, equals).strip();
            if (capabilities.put(name, withoutQuotes(pair.substring(equals + 1).strip())) != null) {
                throw new IllegalArgumentException(
                        "«%s» is there twice, and an agent has one value of it".formatted(name));
            }
        }
        return capabilities;
    }

    static String apiVersion(String text) {
        if (!API_VERSION.matcher(text).matches()) {
            throw new IllegalArgumentException("it is not a version of Azure DevOps' REST API");
        }
        return text;
    }

    static Duration interval(String text) {
        Duration duration = TimeSpan.parse(text);
        if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("it is shorter than a second");
        }
        return duration;
    }

    static int count(String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("it is not a number of agents");
        }
        return Integer.parseInt(text);
    }

    static KeyStore certificates(String text) {
        return TrustedCertificates.systemAnd(file(text));
    }

    /** It need not be there yet. What is no path is not shown: it may be the token itself. */
    static Path tokenFile(String text) {
        if (!text.contains("/")) {
            throw new IllegalArgumentException(
                    "it is not the path of a file; a token itself goes into " + Key.TOKEN.variable());
        }
        return Path.of(text);
    }

    /** It need not be there yet. What is no path is not shown: it may be the token itself. */
    static Path federatedTokenFile(String text) {
        if (!text.contains("/")) {
            throw new IllegalArgumentException("it is not the path of a file");
        }
        return Path.of(text);
    }

    static String clientId(String text) {
        if (!UUID.matcher(text).matches()) {
            throw new IllegalArgumentException("it is not the client id of an identity, which is a UUID");
        }
        return text;
    }

    static String tenantId(String text) {
        if (!UUID.matcher(text).matches() && !DOMAIN.matcher(text).matches()) {
            throw new IllegalArgumentException("it is neither the id of a tenant, which is a UUID, nor a domain of it");
        }
        return text;
    }

    private static Path file(String text) {
        Path file = Path.of(text);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new FaultException("there is no such file, or it can't be read", TrustedCertificates.cureOf(file));
        }
        return file;
    }

    static String logFormat(String text) {
        if (!text.equals("text") && !text.equals("json")) {
            throw new IllegalArgumentException("it is neither text nor json");
        }
        return text;
    }

    static String token(String text) {
        String fault = PersonalAccessToken.fault(text);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        return text;
    }

    private static List<String> list(String text) {
        List<String> elements = Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .map(Parsers::withoutQuotes)
                .toList();
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("it has no element");
        }
        return elements;
    }

    private static String withoutQuotes(String text) {
        if (Values.isQuoted(text)) {
            throw new IllegalArgumentException("the quotes are a part of %s; leave them out".formatted(text));
        }
        return text;
    }
}
