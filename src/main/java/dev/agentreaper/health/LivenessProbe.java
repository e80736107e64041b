package dev.agentreaper.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Live while our own threads turn: a restart mends no outage of Kubernetes or Azure DevOps. */
@Liveness
@ApplicationScoped
public class LivenessProbe implements HealthCheck {
    private final Vitals vitals;

    LivenessProbe(Vitals vitals) {
        this.vitals = vitals;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("threads").status(vitals.isAlive()).build();
    }
}
