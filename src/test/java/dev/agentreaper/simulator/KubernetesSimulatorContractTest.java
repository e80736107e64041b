package dev.agentreaper.simulator;

import org.junit.jupiter.api.AfterEach;

class KubernetesSimulatorContractTest extends KubernetesClusterContractTest {
    KubernetesSimulatorContractTest() {
        super(KubernetesSimulator.start());
    }

    @AfterEach
    void closeSimulator() {
        cluster.close();
    }
}
