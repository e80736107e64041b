package dev.agentreaper.chaos;

import static dev.agentreaper.simulator.AzureDevOpsOperation.DELETE_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.FIND_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.GET_AGENT;
import static dev.agentreaper.simulator.AzureDevOpsOperation.LIST_AGENTS;

import dev.agentreaper.simulator.AzureDevOpsFault;
import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What may go wrong with Azure DevOps. */
final class AzureDevOpsTroubles {
    private static final List<AzureDevOpsOperation[]> WHERE = List.of(
            new AzureDevOpsOperation[] {},
            new AzureDevOpsOperation[] {DELETE_AGENT},
            new AzureDevOpsOperation[] {GET_AGENT},
            new AzureDevOpsOperation[] {LIST_AGENTS, FIND_AGENT});

    private final AzureDevOpsSimulator azure;
    private final Oracle oracle;

    AzureDevOpsTroubles(AzureDevOpsSimulator azure, Oracle oracle) {
        this.azure = azure;
        this.oracle = oracle;
    }

    Map<String, Trouble> all() {
        Map<String, Trouble> troubles = new HashMap<>();
        Map<String, AzureDevOpsFault> faults = new HashMap<>();
        faults.put("connection reset", AzureDevOpsFault.connectionReset());
        faults.put("no answer", AzureDevOpsFault.hang());
        faults.put("answer lost", AzureDevOpsFault.answerLost());
        faults.put("slow", AzureDevOpsFault.delay(Duration.ofSeconds(1)));
        faults.put("HTML 200", AzureDevOpsFault.htmlPage());
        faults.put("203", AzureDevOpsFault.signInPage());
        faults.put("302", AzureDevOpsFault.redirectToSignIn());
        faults.put("401", AzureDevOpsFault.unauthorized());
        faults.put("403", AzureDevOpsFault.forbidden());
        faults.put("pool not found", AzureDevOpsFault.poolNotFound());
        faults.put("HTML 404", AzureDevOpsFault.htmlNotFound());
        faults.put("429", AzureDevOpsFault.tooManyRequests());
        faults.put("429 with Retry-After", AzureDevOpsFault.tooManyRequests(Duration.ofSeconds(2)));
        faults.put("Retry-After on a success", AzureDevOpsFault.slowDown(Duration.ofSeconds(1)));
        faults.put("500", AzureDevOpsFault.serverError());
        faults.put("503", AzureDevOpsFault.unavailable());
        faults.put("half an answer", AzureDevOpsFault.cutConnection());
        faults.put("half the JSON", AzureDevOpsFault.cutJson());
        faults.put("no body", AzureDevOpsFault.emptyBody());
        faults.put("deeply nested", AzureDevOpsFault.deeplyNested());
        faults.put("list cut short", AzureDevOpsFault.countTooLarge());
        faults.put("clock an hour ahead", AzureDevOpsFault.dateSkewed(Duration.ofHours(1)));
        faults.put("clock an hour behind", AzureDevOpsFault.dateSkewed(Duration.ofHours(-1)));
        faults.put("no Date", AzureDevOpsFault.dateMissing());
        faults.forEach((name, fault) -> troubles.put(name, chance -> calls(name, fault, chance)));
        troubles.put("connections refused", this::refuse);
        return troubles;
    }

    /** All calls or only some of them, each or now and then. */
    private void calls(String name, AzureDevOpsFault fault, Chance chance) throws InterruptedException {
        AzureDevOpsOperation[] where = chance.oneOf(WHERE);
        try (var _ = oracle.fault("Azure DevOps: " + name)) {
            if (chance.percent(50)) {
                AzureDevOpsFault.Handle handle = azure.fail(fault, where);
                chance.seconds(1, 9);
                handle.clear();
            } else {
                for (int i = chance.between(2, 20); i > 0; i--) {
                    AzureDevOpsFault.Handle handle = azure.failNext(chance.between(1, 3), fault, where);
                    chance.seconds(0, 1);
                    handle.clear();
                }
            }
        }
    }

    private void refuse(Chance chance) throws InterruptedException {
        try (var _ = oracle.fault("Azure DevOps: connections refused")) {
            azure.refuseConnections();
            chance.seconds(1, 9);
            azure.heal();
        }
    }
}
