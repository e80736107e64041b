package dev.agentreaper.program;

import dev.agentreaper.simulator.KubernetesSimulator;

class RunOnSimulatorIT extends RunContract {
    RunOnSimulatorIT() {
        super(KubernetesSimulator.start());
    }
}
