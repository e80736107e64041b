package dev.agentreaper.azure.signin;

import io.quarkus.rest.client.reactive.ClientQueryParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;

/**
 * The metadata service of an Azure machine. The call gives the answer as it came, whatever its status, its body unread.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token">Tokens of
 *     managed identities</a>
 */
@Path("/metadata/identity/oauth2/token")
public interface InstanceMetadataApi {

    /** @param metadata true: it shows that the request comes from the machine itself, and through no proxy */
    @GET
    @ClientQueryParam(name = "api-version", value = "2018-02-01")
    Response token(
            @HeaderParam("Metadata") boolean metadata,
            @QueryParam("resource") String resource,
            @QueryParam("client_id") String clientId);
}
