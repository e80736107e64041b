package dev.agentreaper.check;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.agentreaper.config.PoolSettings;
import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.Globs;
import dev.agentreaper.decision.Pod;
import dev.agentreaper.decision.PodAgent;
import dev.agentreaper.decision.Policy;
import dev.agentreaper.kubernetes.AgentNameTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What shows to be wrong when a pool's agents and its live pods are held against each other. */
final class AgentFindings {
    /** Each container in a pod has it, and an agent publishes its environment. */
    static final String OF_A_POD = "KUBERNETES_SERVICE_HOST";
    /** Each agent that has once been online publishes it. */
    static final String OF_ANY_AGENT = "Agent.Name";

    /** Of the letters and digits from which Kubernetes makes names. */
    private static final Pattern POD_TEMPLATE_HASH = Pattern.compile("-[bcdfghjklmnpqrstvwxz2456789]{5,10}-$");

    private static final Pattern BEFORE_A_NAME = Pattern.compile("([\\p{L}\\p{N}._-]*[._-])?");
    private static final Pattern AFTER_A_NAME = Pattern.compile("([._-][\\p{L}\\p{N}._-]*)?");

    private static final Duration TIME_TO_REGISTER = Duration.ofMinutes(5);

    private final String pool;
    private final Policy policy;
    private final AgentNameTemplate template;
    private final List<Agent> agents;
    private final List<Pod> live;
    private final List<Pod> ended;
    private final Map<AgentName, Agent> byName;
    private final Set<AgentName> ofLivePods;
    private final Instant now;

    /**
     * @param agents with those of the capabilities {@link #OF_A_POD} and {@link #OF_ANY_AGENT} that they publish
     */
    AgentFindings(PoolSettings settings, List<Agent> agents, List<Pod> pods, Instant now) {
        this.pool = settings.name();
        this.policy = settings.policy();
        this.template = settings.pods().template();
        this.agents = agents;
        this.live = pods.stream().filter(Pod::isLive).toList();
        this.ended = pods.stream().filter(pod -> !pod.isLive()).toList();
        this.byName = agents.stream().collect(toMap(Agent::name, agent -> agent, (one, other) -> one));
        this.ofLivePods = live.stream().flatMap(pod -> names(pod).stream()).collect(toSet());
        this.now = now;
    }

    List<Check> all() {
        List<Check> checks = new ArrayList<>();
        checks.add(agentsOfPods());
        if (!policy.capabilities().isEmpty()) {
            checks.add(capabilities());
        }
        checks.add(placeholders());
        if (!policy.sweepAgents().isEmpty()) {
            checks.add(agentsThatSweepsMiss());
            checks.add(agentsThatSweepsTake());
        }
        return checks;
    }

    private Check agentsOfPods() {
        List<String> elsewhere = agentsOfPodsElsewhere();
        if (live.isEmpty() && !elsewhere.isEmpty()) {
            return new Check(
                    "agents-of-pods",
                    pool,
                    "no live pod is selected, and yet agents are online that run in pods: " + Some.of(elsewhere),
                    "where these run in this cluster, set REAPER_POD_SELECTOR (in the file, pod-selector) to a label of their"
                            + " pods, as kubectl get pods --all-namespaces --show-labels shows them; where they all run in"
                            + " another, check again when some run here.");
        }
        List<String> found = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<AgentName> missingNames = new ArrayList<>();
        List<String> untold = new ArrayList<>();
        int young = 0;
        for (Pod pod : live) {
            switch (pod.agent()) {
                case PodAgent.Named(AgentName name) when byName.containsKey(name) -> found.add(arrow(pod, name));
                case PodAgent.Named(AgentName name)
                when hasHadTime(pod) -> {
                    missing.add(arrow(pod, name));
                    missingNames.add(name);
                }
                case PodAgent.Untold(String why) -> untold.add("%s (%s)".formatted(pod.key(), why));
                case PodAgent.Named _, PodAgent.NotYet _ -> young++;
            }
        }
        StringBuilder message = new StringBuilder(
                "%d of %d live pods map to an agent that exists".formatted(found.size(), live.size()));
        say(message, ": ", found);
        if (live.isEmpty()) {
            message.append("; check again when some run, as only then names can be compared");
        }
        if (young > 0) {
            message.append("; %d have not had the time to register".formatted(young));
        }
        say(message, "; no such agent: ", missing);
        say(message, "; the name can't be told: ", untold);
        if (missing.isEmpty() && untold.isEmpty()) {
            return Check.passed("agents-of-pods", pool, message.toString());
        }
        return new Check(
                "agents-of-pods", pool, message.toString(), cure(missingNames, !untold.isEmpty(), found.isEmpty()));
    }

    private List<String> agentsOfPodsElsewhere() {
        return withoutPod()
                .filter(agent -> agent.online() && isOurs(agent))
                .filter(agent -> agent.capabilities().containsKey(OF_A_POD))
                .map(agent -> agent.name().value())
                .sorted()
                .toList();
    }

    private Stream<Agent> withoutPod() {
        return agents.stream().filter(agent -> !ofLivePods.contains(agent.name()));
    }

    /**
     * @param untold whether there are pods whose agent's name can't be told
     * @param noneFound whether no pod's agent was found, so that the template may be wrong for all
     */
    private String cure(List<AgentName> missing, boolean untold, boolean noneFound) {
        List<String> cures = new ArrayList<>();
        if (untold) {
            cures.add(
                    "set AZP_AGENT_NAME in the spec of the pods, or REAPER_AGENT_NAME (in the file, agent-name) to how"
                            + " their agents are named, or leave them out by REAPER_POD_SELECTOR (in the file, pod-selector)");
        }
        if (!missing.isEmpty()) {
            List<String> without =
                    withoutPod().map(agent -> agent.name().value()).sorted().toList();
            String named = noneFound
                    ? without.stream()
                            .map(name -> templateThatMakes(name, missing))
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElse(null)
                    : null;
            cures.add(
                    named != null
                            ? Advice.set("REAPER_AGENT_NAME", "agent-name", named)
                            : "see the logs of the pods for why their agents do not register in this pool; or, where they do, set"
                                    + " REAPER_AGENT_NAME (in the file, agent-name) to how they are named, or AZP_AGENT_NAME in"
                                    + " the env of the pods where an envFrom brings it, which is not read"
                                    + (without.isEmpty()
                                            ? ""
                                            : " (the pool has, without a pod: " + Some.of(without) + ")"));
        }
        return String.join(". Then ", cures) + ".";
    }

    /**
     * The present template with text before and after it, where that makes of the first missing name the name of this agent,
     * and of the other ones those of other agents, all of them online and without a pod; null where it does not.
     */
    private @Nullable String templateThatMakes(String agent, List<AgentName> missing) {
        int start = agent.indexOf(missing.getFirst().value());
        if (start < 0) {
            return null;
        }
        String before = agent.substring(0, start);
        String after = agent.substring(start + missing.getFirst().value().length());
        boolean makesAll = BEFORE_A_NAME.matcher(before).matches()
                && AFTER_A_NAME.matcher(after).matches()
                && missing.stream()
                        .map(name -> byName.get(new AgentName(before + name.value() + after)))
                        .allMatch(made -> made != null && made.online() && !ofLivePods.contains(made.name()));
        return makesAll ? before + template + after : null;
    }

    private Check capabilities() {
        String required = policy.capabilities().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .reduce((one, other) -> one + "," + other)
                .orElseThrow();
        List<String> without = ofLivePods().stream()
                .filter(agent -> !isOurs(agent))
                .map(agent -> agent.name().value())
                .toList();
        return without.isEmpty()
                ? Check.passed("capabilities", pool, "all agents of live pods report " + required)
                : new Check(
                        "capabilities",
                        pool,
                        "of %d agents of live pods %d do not report %s, and would never be removed: %s"
                                .formatted(ofLivePods().size(), without.size(), required, Some.of(without)),
                        "set %s in the env of the agents' pods, which publish it as they start; or mend"
                                        .formatted(required)
                                + " REAPER_CAPABILITIES.");
    }

    private Check placeholders() {
        Set<AgentName> ofPlaceholders = ended.stream()
                .filter(Pod::placeholder)
                .flatMap(pod -> names(pod).stream())
                .collect(toSet());
        List<String> kept = new ArrayList<>();
        for (Agent agent : agents) {
            if (agent.online() || ofLivePods.contains(agent.name())) {
                continue;
            }
            String name = agent.name().value();
            if (policy.protect().match(agent.name())) {
                kept.add(name + " (protected by its name)");
            } else if (agent.isPlaceholder() || ofPlaceholders.contains(agent.name())) {
                kept.add(name + " (protected by AZP_PLACEHOLDER or AZP_TEMPLATE_JOB)");
            } else if (agent.statusChangedOn() == null) {
                kept.add(name + " (was never online, and is kept for that; REAPER_PROTECT would keep it for good)");
            } else if (!agent.enabled()) {
                kept.add(name + " (is disabled, and is kept for that; REAPER_PROTECT would keep it for good)");
            }
        }
        return Check.passed(
                "placeholders",
                pool,
                kept.isEmpty()
                        ? "no offline agent looks like a placeholder; where KEDA scales from zero the pool needs one, named"
                                + " like placeholder-1"
                        : "offline agents that look like placeholders: " + Some.of(kept));
    }

    private Check agentsThatSweepsMiss() {
        List<String> missed = ofLivePods.stream()
                .filter(name ->
                        !policy.sweepAgents().match(name) && !policy.protect().match(name))
                .map(AgentName::value)
                .sorted()
                .toList();
        return missed.isEmpty()
                ? Check.passed(
                        "sweep-agents",
                        pool,
                        "sweeps of %s take in all agents of live pods".formatted(policy.sweepAgents()))
                : new Check(
                        "sweep-agents",
                        pool,
                        "sweeps of %s would never remove %s, which live pods run"
                                .formatted(policy.sweepAgents(), Some.of(missed)),
                        Advice.set("REAPER_SWEEP_AGENTS", "sweep.agents", policy.sweepAgents() + "," + globs(missed))
                                + ".");
    }

    /** A glob for all that begin alike; none that would match whatever is there. */
    private static String globs(List<String> names) {
        return names.stream()
                .map(Advice::glob)
                .collect(groupingBy(name -> name.substring(0, name.indexOf('-') + 1), TreeMap::new, toList()))
                .entrySet()
                .stream()
                .flatMap(alike ->
                        alike.getKey().length() > 1 ? Stream.of(glob(alike.getValue())) : alike.getValue().stream())
                .distinct()
                .collect(joining(","));
    }

    /** Up to and with the last hyphen that they all have in common, less the hash by which a Deployment tells its pods. */
    private static String glob(List<String> names) {
        String first = names.getFirst();
        int length = first.length();
        for (String name : names) {
            while (!name.startsWith(first.substring(0, length))) {
                length--;
            }
        }
        String common = first.substring(0, first.substring(0, length).lastIndexOf('-') + 1);
        return POD_TEMPLATE_HASH.matcher(common).replaceFirst("-") + "*";
    }

    private Check agentsThatSweepsTake() {
        List<String> machines = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Agent agent : agents) {
            boolean candidate = policy.sweepAgents().match(agent.name())
                    && !policy.protect().match(agent.name())
                    && !ofLivePods.contains(agent.name())
                    && isOurs(agent);
            if (candidate && isOfAMachine(agent)) {
                machines.add(agent.name().value());
            } else if (candidate && agent.online()) {
                others.add(agent.name().value());
            }
        }
        if (machines.isEmpty() && others.isEmpty()) {
            return Check.passed(
                    "sweep-safety",
                    pool,
                    "sweeps of %s take in no agent that is online without a pod".formatted(policy.sweepAgents()));
        }
        StringBuilder message =
                new StringBuilder("sweeps of %s take in agents that no pod here runs".formatted(policy.sweepAgents()));
        say(message, "; that seem to run on machines, which may be switched off for a while: ", machines);
        say(message, "; that are online: ", others);
        List<String> cures = new ArrayList<>();
        if (!machines.isEmpty()) {
            cures.add("narrow REAPER_SWEEP_AGENTS (in the file, sweep.agents), or "
                    + Advice.set("REAPER_PROTECT", "protect", protectAlso(machines)));
        }
        if (!others.isEmpty()) {
            cures.add("wait, where their pods have just gone; narrow REAPER_SWEEP_AGENTS (in the file,"
                    + " sweep.agents), where they run elsewhere; or, where other clusters use this pool and the same names, mark the pods by"
                    + " a variable and set REAPER_CAPABILITIES (in the file, capabilities) to it, for example"
                    + " CLUSTER=prod-1");
        }
        return new Check("sweep-safety", pool, message.toString(), String.join(". For the others ", cures) + ".");
    }

    /** What is protected now, and these. */
    private String protectAlso(List<String> names) {
        Globs now = policy.protect().without(Policy.ALWAYS_PROTECTED);
        return now.and(new Globs(names.stream().map(Advice::glob).toList())).toString();
    }

    private List<Agent> ofLivePods() {
        return agents.stream()
                .filter(agent -> ofLivePods.contains(agent.name()))
                .toList();
    }

    private boolean isOurs(Agent agent) {
        return agent.capabilities().entrySet().containsAll(policy.capabilities().entrySet());
    }

    private static boolean isOfAMachine(Agent agent) {
        return agent.capabilities().containsKey(OF_ANY_AGENT)
                && !agent.capabilities().containsKey(OF_A_POD);
    }

    private boolean hasHadTime(Pod pod) {
        return pod.started() != null && pod.started().isBefore(now.minus(TIME_TO_REGISTER));
    }

    private static Set<AgentName> names(Pod pod) {
        return pod.agent() instanceof PodAgent.Named(AgentName name) ? Set.of(name) : Set.of();
    }

    private static String arrow(Pod pod, AgentName agent) {
        return "%s → %s".formatted(pod.key(), agent.value());
    }

    private static void say(StringBuilder message, String before, List<String> names) {
        if (!names.isEmpty()) {
            message.append(before).append(Some.of(names));
        }
    }
}
