package dev.agentreaper.azure;

import java.io.IOException;

/** How we sign in to an organization. Two that are equal share its rate limit. */
public interface Credential {

    /**
     * The value of the {@code Authorization} header, now.
     *
     * @throws IOException if it can't be had; the message says which setting to look at
     */
    String authorization() throws IOException;
}
