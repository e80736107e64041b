package dev.agentreaper.simulator;

@NeedsApiServer
class KubernetesApiServerContractTest extends KubernetesClusterContractTest {
    KubernetesApiServerContractTest(KubernetesApiServer server) {
        super(server);
    }
}
