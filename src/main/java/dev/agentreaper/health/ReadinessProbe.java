package dev.agentreaper.health;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready while pods are watched and every pool can be worked with; what is wrong is in its data, with the cure. */
@Readiness
@ApplicationScoped
public class ReadinessProbe implements HealthCheck {
    private final Vitals vitals;

    ReadinessProbe(Vitals vitals) {
        this.vitals = vitals;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("connections").status(vitals.isReady());
        for (Connection connection : vitals.connections()) {
            Problem problem = connection.problem();
            String state = connection.isReady() ? "ok" : "not yet";
            response.withData(connection.name(), problem == null ? state : problem.toString());
        }
        return response.build();
    }
}
