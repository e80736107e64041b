package dev.agentreaper.kubernetes.access;

import java.io.IOException;

/** How we sign in to a cluster. */
interface ClusterSignIn {
    /**
     * Who we are now, found out anew.
     *
     * @throws IOException with what is wrong, for the operator
     */
    Identity identity() throws IOException;
}
