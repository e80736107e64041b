package dev.agentreaper.kubernetes.access;

import dev.agentreaper.network.ProxyServer;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a cluster's API server is, and how to sign in there.
 *
 * @param authority the PEM certificates by which the server is known; null for the system's
 * @param verified whether the server has to show that it is the one
 * @param serverName by what name it has to; null for that in its address
 * @param proxy null for none
 */
record ClusterAccess(
        URI server,
        @Nullable DataOrFile authority,
        boolean verified,
        @Nullable String serverName,
        @Nullable ProxyServer proxy,
        ClusterSignIn signIn) {

    @Override
    public String toString() {
        return server
                + (serverName == null ? "" : " by the name " + serverName)
                + (proxy == null ? "" : " through the proxy " + proxy);
    }
}
