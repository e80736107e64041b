package dev.agentreaper.azure.signin;

import dev.agentreaper.health.Pause;
import dev.agentreaper.health.ProblemException;
import dev.agentreaper.network.Backoff;
import dev.agentreaper.network.Proxies;
import dev.agentreaper.network.Retries;
import java.net.URI;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Signs in with access tokens of Microsoft Entra. Each serves until shortly before its end, however many calls need it; one
 * request for another is under way at a time, and after one that failed there is a pause. Thread-safe.
 */
public final class EntraCredential implements Credential {
    private static final Logger LOG = Logger.getLogger(EntraCredential.class);
    // Shorter than that of a failing pool, so that no try of the pool comes to nothing for it.
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(10);
    // Where Azure DevOps refuses whatever token we have, Entra is not asked for another one each time.
    private static final Duration REPLACED_NOT_SOONER_AGAIN_THAN = Duration.ofMinutes(1);

    private final EntraIdentity identity;
    private final TokenClient client;
    private final InstantSource clock;
    private final ReentrantLock asking = new ReentrantLock();

    private volatile AccessToken token = AccessToken.NONE;
    private Pause beforeReplacedAgain = Pause.NONE;

    /** Only of who holds the lock. */
    private final Retries requests;

    /** @param trusted the certificates by which Entra is known; null for the system's */
    public EntraCredential(
            EntraIdentity identity,
            @Nullable KeyStore trusted,
            Proxies proxies,
            String userAgent,
            InstantSource clock) {
        this.identity = identity;
        this.client = new TokenClient(identity, trusted, proxies, userAgent, clock);
        this.clock = clock;
        this.requests = new Retries(BACKOFF, clock);
    }

    @Override
    public void prepare() throws ProblemException, InterruptedException {
        if (clock.instant().isBefore(token.renewAt())) {
            return;
        }
        if (isReady()) {
            // Another thread may renew it: this one serves meanwhile.
            if (!asking.tryLock()) {
                return;
            }
        } else {
            asking.lockInterruptibly();
        }
        try {
            if (!clock.instant().isBefore(token.renewAt())) {
                renew();
            }
        } finally {
            asking.unlock();
        }
    }

    @Override
    public boolean isReady() {
        return clock.instant().isBefore(token.end());
    }

    @Override
    public String authorization() {
        return bearer(token);
    }

    @Override
    public synchronized boolean refused(String authorization) {
        AccessToken current = token;
        if (!authorization.equals(bearer(current)) || current.equals(current.ended())) {
            return true;
        }
        Instant now = clock.instant();
        if (beforeReplacedAgain.lasts(now)) {
            return false;
        }
        beforeReplacedAgain = new Pause(now, REPLACED_NOT_SOONER_AGAIN_THAN);
        token = current.ended();
        return true;
    }

    @Override
    public String cureWhereUnknown(URI organization) {
        String tenant = identity instanceof EntraIdentity.ManagedIdentity ? "its tenant" : "the tenant AZURE_TENANT_ID";
        return "add the identity with the client id %s to the organization at %s/_settings/users (Add users), which must be"
                        .formatted(identity.clientId(), organization)
                + " connected to %s (%s/_settings/organizationAad), and give it the role Administrator on the pool at"
                        .formatted(tenant, organization)
                + " %s/_settings/agentpools (the pool, Security, Add).".formatted(organization);
    }

    @Override
    public String cureWhereForbidden(URI organization) {
        return "at %s/_settings/agentpools open the pool, then Security, Add, and give the identity with the client id %s the role"
                        .formatted(organization, identity.clientId())
                + " Administrator on the pool.";
    }

    @Override
    public String toString() {
        return identity.toString();
    }

    private void renew() throws ProblemException {
        try {
            ask();
        } catch (ProblemException e) {
            if (!isReady()) {
                throw e;
            }
            LOG.debugf("the access token is not renewed yet: %s", e.getMessage());
        }
    }

    private void ask() throws ProblemException {
        requests.refuseTooEarly();
        try {
            AccessToken given = client.ask();
            synchronized (this) {
                token = given;
            }
            requests.worked();
        } catch (TokenRequestException e) {
            requests.failed(e.problem(), min(e.retryAfter(), LONGEST_RETRY_AFTER));
            throw e;
        }
    }

    private static String bearer(AccessToken token) {
        return "Bearer " + token.value();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
