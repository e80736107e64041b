package dev.agentreaper.azure.signin;

import java.net.URI;
import java.nio.file.Path;

/**
 * A service principal or managed identity of Microsoft Entra, and what proves that we are it.
 *
 * @see <a href="https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity">
 *     Service principals and managed identities in Azure DevOps</a>
 */
public sealed interface EntraIdentity extends SignIn {

    /** Whom tokens are asked of. */
    URI server();

    /** The identity's client id, which is its application id. */
    String clientId();

    /**
     * Proven by a token of the pod's service account, which a federated credential lets pass.
     *
     * @param server where the cloud signs in, {@code https://login.microsoftonline.com} for most
     * @param tokenFile read for each request: the kubelet rotates the token in it
     */
    record WorkloadIdentity(URI server, String tenantId, String clientId, Path tokenFile) implements EntraIdentity {}

    /**
     * Proven by a secret of the application.
     *
     * @param server where the cloud signs in, {@code https://login.microsoftonline.com} for most
     */
    record ClientSecret(URI server, String tenantId, String clientId, String secret) implements EntraIdentity {
        @Override
        public String toString() {
            return "a secret of the client " + clientId;
        }
    }

    /**
     * Assigned to the Azure machine that we run on, whose metadata service gives us its tokens.
     *
     * @param server the address of that service, {@code http://169.254.169.254} unless something stands in for it
     */
    record ManagedIdentity(URI server, String clientId) implements EntraIdentity {}
}
