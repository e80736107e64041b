package dev.agentreaper.simulator;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Does what {@link NeedsApiServer} says. */
final class KubernetesApiServerExtension implements ExecutionCondition, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(KubernetesApiServerExtension.class);
    private static final String ABSENT =
            "KUBEBUILDER_ASSETS is not set to a directory with etcd and kube-apiserver: `setup-envtest use -p path` brings one";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return LeftOut.unless(KubernetesApiServer.assets().isPresent(), ABSENT);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KubernetesApiServer.class;
    }

    /** The root store closes the server when all tests have run. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(
                        KubernetesApiServer.class, type -> KubernetesApiServer.start(), KubernetesApiServer.class);
    }
}
