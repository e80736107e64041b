package dev.agentreaper.azure;

import io.quarkus.rest.client.reactive.ClientQueryParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * The few calls of Azure DevOps' REST API that we make. Each gives the answer as it came, whatever its status, its body
 * unread.
 *
 * @see <a href="https://learn.microsoft.com/rest/api/azure/devops/distributedtask/agents">Agents</a>
 */
@Path("/_apis/distributedtask")
public interface AgentPoolsApi {

    @GET
    @Path("/pools")
    Response findPool(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, @QueryParam("poolName") String poolName);

    /** All pools that we may manage. */
    @GET
    @Path("/pools")
    @ClientQueryParam(name = "actionFilter", value = "manage")
    Response listManageablePools(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization);

    @GET
    @Path("/pools/{poolId}")
    Response getPool(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, @PathParam("poolId") int poolId);

    /** All agents, or with {@code agentName} those of that name. */
    @GET
    @Path("/pools/{poolId}/agents")
    @ClientQueryParam(name = "includeCapabilities", value = "true")
    @ClientQueryParam(name = "includeAssignedRequest", value = "true")
    Response listAgents(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @PathParam("poolId") int poolId,
            @QueryParam("agentName") @Nullable String agentName);

    @GET
    @Path("/pools/{poolId}/agents/{agentId}")
    @ClientQueryParam(name = "includeCapabilities", value = "true")
    @ClientQueryParam(name = "includeAssignedRequest", value = "true")
    Response getAgent(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @PathParam("poolId") int poolId,
            @PathParam("agentId") int agentId);

    @DELETE
    @Path("/pools/{poolId}/agents/{agentId}")
    Response deleteAgent(
            @HeaderParam(HttpHeaders.AUTHORIZATION) String authorization,
            @PathParam("poolId") int poolId,
            @PathParam("agentId") int agentId);
}
