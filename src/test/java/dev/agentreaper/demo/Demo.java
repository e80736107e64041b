package dev.agentreaper.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentreaper.program.Program;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.KubernetesFault;
import dev.agentreaper.simulator.KubernetesOperation;
import dev.agentreaper.simulator.KubernetesPod;
import dev.agentreaper.simulator.KubernetesSimulator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A pool's morning in half a minute: pods come and go, and each agent's registration goes with its pod while all that should
 * stay stays. Exits with 1 if anything came out otherwise. With {@code --keep} it goes on until it is interrupted.
 */
public final class Demo {
    private static final String NAMESPACE = "agents";
    private static final String LABEL = "azdevops-agent";

    /** Who must be left in the pool at the end, and why. */
    private static final Map<String, String> KEPT = Map.of(
            "agent-1", "POD_ALIVE",
            "agent-2", "POD_ALIVE",
            "agent-set-0", "POD_ALIVE",
            "agent-placeholder", "PROTECTED",
            "agent-disabled", "DISABLED",
            "agent-just-offline", "GRACE",
            "build-vm", "NOT_OURS");

    private static final Map<String, String> WORDS = Map.of(
            "POD_ALIVE", "a live pod runs it",
            "PROTECTED", "a placeholder: without it KEDA would not scale up",
            "DISABLED", "a person has disabled it",
            "GRACE", "offline for less than ten minutes",
            "NOT_OURS", "none of the agents that a sweep may remove");

    private final AzureDevOpsSimulator azure;
    private final AzureDevOpsPool pool;
    private final KubernetesSimulator kubernetes;
    private final Ledger ledger;

    private Demo(AzureDevOpsSimulator azure, KubernetesSimulator kubernetes) {
        this.azure = azure;
        this.pool = azure.pool("demo");
        this.kubernetes = kubernetes;
        this.ledger = new Ledger(System.out, azure);
    }

    public static void main(String... arguments) throws Exception {
        boolean keep = arguments.length > 0 && arguments[0].equals("--keep");
        try (AzureDevOpsSimulator azure = AzureDevOpsSimulator.start();
                KubernetesSimulator kubernetes = KubernetesSimulator.start()) {
            boolean asExpected = new Demo(azure, kubernetes).play(keep);
            System.exit(asExpected ? 0 : 1);
        }
    }

    private boolean play(boolean keep) throws IOException, InterruptedException {
        kubernetes.createNamespace(NAMESPACE);
        setTheScene();
        try (Program program = program()
                .onLogLine(line -> System.out.println("           | " + line))
                .start("run")) {
            ledger.tell("agent-reaper starts, on simulators of Kubernetes and Azure DevOps");
            ledger.await("readiness", program::isReady);
            ledger.await("the sweep", () -> ledger.isRemoved("agent-straggler"));
            IntStream.rangeClosed(1, 8).forEach(i -> comesUp("agent-" + i));
            comesUp("agent-set-0");
            podsGo();
            boolean asExpected = summary();
            if (keep) {
                goOn(program);
            }
            program.terminate();
            return program.exitCode(Duration.ofSeconds(30)) == 0 && asExpected;
        }
    }

    /** Until it is interrupted: a pod goes and another comes, and what is left can be looked at. */
    private void goOn(Program program) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            program.close();
            kubernetes.close();
        }));
        System.out.printf(
                """

                It goes on, a pod every ten seconds, until Ctrl-C. Its status page: %s
                To look at it yourself, from another terminal in this directory:

                  export KUBECONFIG=%s AZP_URL=%s AZP_POOL=%s
                  export AZP_TOKEN=%s
                  export REAPER_POD_SELECTOR=app=%s REAPER_SWEEP_AGENTS='agent-*'
                  "$(make -s java)" -jar target/quarkus-app/quarkus-run.jar plan

                """, program.url("/"), kubernetes.kubeconfig(), azure.url(), pool.name(), azure.token(), LABEL);
        for (int i = 9; program.isRunning(); i++) {
            String name = "agent-" + i;
            comesUp(name);
            Thread.sleep(Duration.ofSeconds(10));
            ledger.podGoes(name, "is deleted", () -> kubernetes.delete(NAMESPACE, name));
        }
    }

    private Program.Builder program() {
        return Program.with()
                .env("KUBECONFIG", kubernetes.kubeconfig())
                .env("AZP_URL", azure.url())
                .env("AZP_POOL", pool.name())
                .env("AZP_TOKEN", azure.token())
                .env("REAPER_MODE", "delete")
                .env("REAPER_NAMESPACES", NAMESPACE)
                .env("REAPER_POD_SELECTOR", "app=" + LABEL)
                .env("REAPER_SWEEP_AGENTS", "agent-*");
    }

    /** What stands by in the pool before the program starts. */
    private void setTheScene() {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        pool.register("agent-placeholder", Map.of());
        pool.neverConnected("agent-placeholder");
        ledger.tell("the pool has agent-placeholder, offline on purpose: KEDA scales from zero with it");
        pool.register("agent-disabled", Map.of());
        pool.offlineSince("agent-disabled", yesterday);
        pool.disable("agent-disabled");
        ledger.tell("... agent-disabled, which a person has disabled");
        pool.register("build-vm", Map.of());
        pool.offlineSince("build-vm", yesterday);
        ledger.tell("... build-vm, a machine that is switched off for the night");
        pool.register("agent-just-offline", Map.of());
        pool.goOffline("agent-just-offline");
        ledger.tell("... agent-just-offline, offline since a moment ago");
        pool.register("agent-straggler", Map.of());
        pool.offlineSince("agent-straggler", yesterday);
        ledger.tell("... agent-straggler, whose pod went yesterday while nobody watched");
    }

    private void podsGo() throws InterruptedException {
        ledger.podGoes("agent-3", "is deleted", () -> kubernetes.delete(NAMESPACE, "agent-3"));
        ledger.await("agent-3", () -> ledger.isRemoved("agent-3"));
        ledger.podGoes("agent-4", "crashes (phase Failed)", () -> ends("agent-4", "Failed"));
        ledger.await("agent-4", () -> ledger.isRemoved("agent-4"));
        ledger.podGoes("agent-5", "finishes its one job (phase Succeeded)", () -> ends("agent-5", "Succeeded"));
        ledger.await("agent-5", () -> ledger.isRemoved("agent-5"));

        ledger.tell("pod agent-set-0 of a StatefulSet is replaced: its name comes back at once, and its agent with it");
        kubernetes.fail(KubernetesOperation.GET, new KubernetesFault.Delay(Duration.ofMillis(300)), 1);
        kubernetes.delete(NAMESPACE, "agent-set-0");
        ledger.await("the live re-check of agent-set-0", this::agentSetIsChecked);
        comesUp("agent-set-0");

        ledger.tell("pod agent-2 loses the label by which it is watched, and goes on working");
        kubernetes.relabel(NAMESPACE, "agent-2", Map.of("app", "something-else"));
        kubernetes.relabel(NAMESPACE, "agent-2", Map.of("app", LABEL));

        for (int i = 6; i <= 8; i++) {
            String name = "agent-" + i;
            ledger.podGoes(name, "is scaled away", () -> kubernetes.delete(NAMESPACE, name));
        }
        for (int i = 6; i <= 8; i++) {
            String name = "agent-" + i;
            ledger.await(name, () -> ledger.isRemoved(name));
        }
    }

    private boolean agentSetIsChecked() {
        return kubernetes.requests(KubernetesOperation.GET).stream()
                .anyMatch(request -> request.path().endsWith("/agent-set-0"));
    }

    private void comesUp(String name) {
        kubernetes.create(KubernetesPod.of(NAMESPACE, name).label("app", LABEL).node("node-1"));
        kubernetes.patchStatus(NAMESPACE, name, "Running", Instant.now());
        pool.registerReplacing(name, Map.of("Agent.ComputerName", name));
        ledger.tell("pod %s is up, its agent online".formatted(name));
    }

    private void ends(String name, String phase) {
        kubernetes.patchStatus(NAMESPACE, name, phase, Instant.now());
    }

    /** Asks the program itself why it keeps what is left, and compares. */
    private boolean summary() throws IOException {
        Map<String, String> kept = new TreeMap<>();
        try (Program plan = program().start("plan", "--output", "json")) {
            plan.exitCode(Duration.ofSeconds(30));
            for (JsonNode agent : new ObjectMapper().readTree(plan.output()).at("/pools/0/agents")) {
                kept.put(agent.path("name").asText(), agent.path("reason").asText());
            }
        }
        System.out.println();
        ledger.removals().forEach(System.out::println);
        kept.forEach((agent, reason) ->
                System.out.printf("  kept     %-22s %-10s %s%n", agent, reason, WORDS.getOrDefault(reason, "")));
        boolean asExpected = kept.equals(KEPT) && !ledger.isRemoved("agent-set-0");
        System.out.printf(
                "%n%s Median time from a pod's end to its agent's: %s.%n",
                asExpected ? "All as it should be." : "NOT AS IT SHOULD BE: expected " + new TreeMap<>(KEPT),
                ledger.medianReaction());
        return asExpected;
    }
}
