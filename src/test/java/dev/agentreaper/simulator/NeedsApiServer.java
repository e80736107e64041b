package dev.agentreaper.simulator;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks tests that need a real API server, and hands them one as a parameter of type {@link KubernetesApiServer}: one
 * for all tests, so that each keeps to namespaces of its own. Without KUBEBUILDER_ASSETS they are skipped, or fail if
 * the system property {@code nothing.may.skip} is true.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("api-server")
@ExtendWith(KubernetesApiServerExtension.class)
public @interface NeedsApiServer {}
