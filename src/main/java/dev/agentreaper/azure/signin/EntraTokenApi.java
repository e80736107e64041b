package dev.agentreaper.azure.signin;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * Microsoft Entra's token endpoint. Each call gives the answer as it came, whatever its status, its body unread.
 *
 * @see <a href="https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow">The client
 *     credentials flow</a>
 */
@Path("/{tenant}/oauth2/v2.0/token")
@Consumes(MediaType.APPLICATION_FORM_URLENCODED)
public interface EntraTokenApi {

    @POST
    Response bySecret(
            @PathParam("tenant") String tenant,
            @FormParam("grant_type") String grantType,
            @FormParam("client_id") String clientId,
            @FormParam("scope") String scope,
            @FormParam("client_secret") String secret);

    @POST
    Response byAssertion(
            @PathParam("tenant") String tenant,
            @FormParam("grant_type") String grantType,
            @FormParam("client_id") String clientId,
            @FormParam("scope") String scope,
            @FormParam("client_assertion_type") String assertionType,
            @FormParam("client_assertion") String assertion);
}
