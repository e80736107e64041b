package dev.agentreaper.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** How Microsoft's clients learn where a resource lives and in which versions. */
final class AzureDevOpsDiscovery {
    private AzureDevOpsDiscovery() {}

    /** The answer for {@code Location}, {@code ResourceAreas} or {@code distributedtask}. */
    static ObjectNode answer(String resource, URI organization, AzureDevOpsApiVersions versions) {
        return AzureDevOpsJson.list(
                switch (resource.toLowerCase(Locale.ROOT)) {
                    case "location" ->
                        List.of(location(
                                        "e81700f7-3be2-46de-8624-2eb35882fcaa",
                                        "Location",
                                        "ResourceAreas",
                                        "_apis/{resource}/{areaId}",
                                        versions)
                                .put("releasedVersion", "0.0"));
                    case "resourceareas" ->
                        List.of(AzureDevOpsJson.object()
                                .put("id", "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd")
                                .put("name", "distributedtask")
                                .put("locationUrl", organization.toString()));
                    default ->
                        List.of(
                                location(
                                        "e298ef32-5878-4cab-993c-043836571f42",
                                        "distributedtask",
                                        "agents",
                                        "_apis/{area}/pools/{poolId}/{resource}/{agentId}",
                                        versions),
                                location(
                                        "a8c47e17-4d56-4a56-92bb-de7ea7dc65be",
                                        "distributedtask",
                                        "pools",
                                        "_apis/{area}/{resource}/{poolId}",
                                        versions));
                });
    }

    private static ObjectNode location(
            String id, String area, String resource, String routeTemplate, AzureDevOpsApiVersions versions) {
        return AzureDevOpsJson.object()
                .put("id", id)
                .put("area", area)
                .put("resourceName", resource)
                .put("routeTemplate", routeTemplate)
                .put("resourceVersion", 1)
                .put("minVersion", "1.0")
                .put("maxVersion", versions.preview())
                .put("releasedVersion", versions.latest());
    }
}
