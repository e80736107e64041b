package dev.agentreaper.program;

import dev.agentreaper.simulator.KubernetesApiServer;
import dev.agentreaper.simulator.NeedsApiServer;

@NeedsApiServer
class RunOnApiServerIT extends RunContract {
    RunOnApiServerIT(KubernetesApiServer server) {
        super(server);
    }
}
