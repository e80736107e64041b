package dev.agentreaper.config;

import dev.agentreaper.health.Fault;
import dev.agentreaper.health.FaultException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads the URL of an organization or of a server's collection. Where that of something in it was given, as it is copied from
 * a browser, it says what to write instead.
 *
 * @see <a href="https://learn.microsoft.com/azure/devops/extend/develop/work-with-urls">Work with URLs</a>
 */
final class OrganizationUrl {
    private static final String SERVICES = "dev.azure.com";
    private static final String OLD_SERVICES = ".visualstudio.com";
    /** Where many servers lie; a collection's name comes after it. */
    private static final String VIRTUAL_DIRECTORY = "tfs";

    private OrganizationUrl() {}

    /**
     * @throws FaultException where the right one shows
     * @throws IllegalArgumentException else, with what is wrong with it, for the operator
     */
    static URI parse(String text) {
        URI url = Parsers.httpUrl(text);
        List<String> segments = Arrays.stream(url.getRawPath().split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
        // No organization, collection or project begins so, and all that belongs to Azure DevOps itself does.
        List<String> names =
                segments.stream().takeWhile(segment -> !segment.startsWith("_")).toList();
        boolean ofPage = names.size() < segments.size() || url.getRawQuery() != null || url.getRawFragment() != null;
        String host = url.getHost().toLowerCase(Locale.ROOT);
        List<String> needed = names.subList(0, Math.min(names.size(), mostNames(host, names)));
        boolean isServer = !host.equals(SERVICES) && !host.endsWith(OLD_SERVICES);
        boolean isCollectionMissing = isServer && ofPage && needed.equals(List.of(VIRTUAL_DIRECTORY));
        if (isCollectionMissing || (needed.isEmpty() && !host.endsWith(OLD_SERVICES))) {
            throw new IllegalArgumentException("it lacks the organization, or the server's collection");
        }
        URI organization = URI.create("%s://%s%s"
                .formatted(
                        url.getScheme(),
                        url.getRawAuthority(),
                        needed.isEmpty() ? "" : "/" + String.join("/", needed)));
        if (ofPage || needed.size() < names.size()) {
            throw new FaultException(
                    "it is the address of something in the organization or collection"
                            + (isServer && needed.size() > 1 && !startsInVirtualDirectory(needed)
                                    ? ", perhaps in a project, which then has to go from its end too"
                                    : ""),
                    new Fault.Remedy.Instead(organization.toString()));
        }
        return organization;
    }

    /** How many of the names can be part of the organization's URL: what follows is a project. */
    private static int mostNames(String host, List<String> names) {
        if (host.equals(SERVICES)) {
            return 1;
        }
        if (host.endsWith(OLD_SERVICES)) {
            return !names.isEmpty() && names.getFirst().equalsIgnoreCase("DefaultCollection") ? 1 : 0;
        }
        return startsInVirtualDirectory(names) ? 2 : Integer.MAX_VALUE;
    }

    private static boolean startsInVirtualDirectory(List<String> names) {
        return !names.isEmpty() && names.getFirst().equalsIgnoreCase(VIRTUAL_DIRECTORY);
    }
}
