package dev.agentreaper.health;

import static java.util.Comparator.comparing;

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
        // Two may have one name, as watches of the same pods that name agents in two ways: then what fails is told.
        vitals.connections().stream()
                .sorted(comparing(connection -> connection.problem() != null))
                .forEach(connection -> response.withData(connection.name(), state(connection)));
        return response.build();
    }

    private static String state(Connection connection) {
        Problem problem = connection.problem();
        if (problem != null) {
            return problem.toString();
        }
        return connection.isReady() ? "ok" : "not yet";
    }
}
