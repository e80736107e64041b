package dev.agentreaper.simulator;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An identity in a simulated tenant: an application, or a managed identity. What is changed holds from the next request on. */
public final class EntraClient {
    private final String id;
    private final Map<String, Boolean> secrets = new ConcurrentHashMap<>();
    private final Set<Federation> federations = ConcurrentHashMap.newKeySet();
    private volatile boolean onMachine;

    EntraClient(String id) {
        this.id = id;
    }

    /** Whose tokens of a service account prove that one is this client. */
    record Federation(String issuer, String subject, String audience) {}

    public String id() {
        return id;
    }

    /** Lets this secret prove that one is this client. */
    public EntraClient secret(String value) {
        secrets.put(value, true);
        return this;
    }

    /** Lets a secret come to its end. */
    public EntraClient expireSecret(String value) {
        secrets.put(value, false);
        return this;
    }

    /** Lets the tokens of a service account of the simulated cluster prove that one is this client. */
    public EntraClient federate(String subject) {
        return federate(ServiceAccountToken.ISSUER, subject);
    }

    /** Lets the tokens of a service account of another cluster prove it, of which the tenant must know the issuer. */
    public EntraClient federate(String issuer, String subject) {
        federations.add(new Federation(issuer, subject, ServiceAccountToken.AUDIENCE));
        return this;
    }

    /** Assigns the identity to the machine whose metadata service is simulated, or takes it away. */
    public EntraClient onMachine(boolean assigned) {
        onMachine = assigned;
        return this;
    }

    boolean isOnMachine() {
        return onMachine;
    }

    boolean hasSecret(String value) {
        return secrets.containsKey(value);
    }

    boolean hasExpired(String secret) {
        return Boolean.FALSE.equals(secrets.get(secret));
    }

    Set<Federation> federations() {
        return Set.copyOf(federations);
    }
}
