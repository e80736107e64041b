package dev.agentreaper.chaos;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;

import dev.agentreaper.simulator.AzureDevOpsOperation;
import dev.agentreaper.simulator.AzureDevOpsPool;
import dev.agentreaper.simulator.AzureDevOpsPool.Removal;
import dev.agentreaper.simulator.AzureDevOpsSimulator;
import dev.agentreaper.simulator.AzureDevOpsSimulator.ReceivedRequest;
import dev.agentreaper.simulator.SimulatedAgent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges what becomes of the registrations by the contract's invariants alone. It is told what happens to pods and agents and
 * what goes wrong, hears of each DELETE that Azure DevOps takes, and knows nothing of how the program comes to it. Thread-safe.
 */
final class Oracle {
    private static final Duration PROMPTLY = Duration.ofSeconds(30);
    /** ε, the time from the live re-check to the DELETE, while nobody is held up. */
    private static final Duration RECHECKED_WITHIN = Duration.ofSeconds(3);

    private static final Duration REMEMBERED = Duration.ofMinutes(3);
    /** {@code Date} has no fractions of a second. */
    private static final Duration CLOCK = Duration.ofSeconds(1);
    /** After a fault of the API server it is asked again within five seconds. */
    private static final Duration LISTED_AGAIN_WITHIN = Duration.ofSeconds(6);

    private static final Duration EVENT_COMES_WITHIN = Duration.ofSeconds(1);

    enum Wrong {
        /** Removed, and should have stayed. */
        SAFETY,
        /** Still there, and should be gone. */
        LIVENESS,
        /** Another write than DELETE agent. */
        OTHER_WRITE,
        /** The program itself broke. */
        PROGRAM
    }

    record Violation(Wrong wrong, Instant at, String what) {
        @Override
        public String toString() {
            return "%s %s: %s".formatted(at, wrong, what);
        }
    }

    private final Duration offlineFor;
    private final Duration sweepEvery;
    private final Map<String, List<PodLife>> lives = new HashMap<>();
    private final Set<String> placeholders = new HashSet<>();
    private final Set<String> stragglers = new HashSet<>();
    private final Map<String, Instant> jobEnds = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Map<String, Violation> violations = new LinkedHashMap<>();
    private final Instant began = Instant.now();
    private Instant lastLook = began;
    private int removals;
    private Duration longest = Duration.ZERO;

    Oracle(Duration offlineFor, Duration sweepEvery) {
        this.offlineFor = offlineFor;
        this.sweepEvery = sweepEvery;
    }

    private enum Effect {
        /** Everybody goes on. */
        NONE,
        /** It can come between the live re-check and the DELETE and hold it up. */
        SUSPENDS,
        /** What comes and goes in its course need be seen by nobody. */
        BLINDS,
        /** What happens up to its end need be seen by nobody. */
        RESTARTS
    }

    /** Something that is wrong from now on until it is ended. */
    final class Fault implements AutoCloseable {
        private final String kind;
        private final Effect effect;
        private final @Nullable Site site;
        private final Instant from;
        private Instant to = Instant.MAX;

        private Fault(String kind, Effect effect, @Nullable Site site, Instant from) {
            this.kind = kind;
            this.effect = effect;
            this.site = site;
            this.from = from;
        }

        @Override
        public void close() {
            synchronized (Oracle.this) {
                to = Instant.now();
            }
        }
    }

    /** A fault during which everybody goes on. */
    Fault fault(String kind) {
        return add(new Fault(kind, Effect.NONE, null, Instant.now()));
    }

    /** A fault that can come between the live re-check and the DELETE and hold it up. */
    Fault suspension(String kind) {
        return add(new Fault(kind, Effect.SUSPENDS, null, Instant.now()));
    }

    /** While this cluster can't be watched, and until its pods are listed again, a pod may come and go unseen. */
    Fault blindness(String kind, Site site) {
        return add(new Fault(kind, Effect.BLINDS, site, Instant.now()));
    }

    /** What happens in this cluster up to its end may be missed: then it is the sweep's. */
    Fault restart(String kind, Site site) {
        return add(new Fault(kind, Effect.RESTARTS, site, Instant.now()));
    }

    private synchronized Fault add(Fault fault) {
        faults.add(fault);
        return fault;
    }

    /** Before the pod is created. */
    synchronized void expect(PodLife life) {
        lives.computeIfAbsent(life.agent, agent -> new ArrayList<>()).add(life);
    }

    synchronized void expectPlaceholder(String agent) {
        placeholders.add(agent);
    }

    /** An agent that no pod runs, and that a sweep has to remove. */
    synchronized void expectStraggler(String agent) {
        stragglers.add(agent);
    }

    synchronized void jobEnded(String agent) {
        jobEnds.put(agent, Instant.now());
    }

    /** The lives of a cluster that have not ended, or ended after this. */
    synchronized List<PodLife> since(Site site, Instant when) {
        return lives.values().stream()
                .flatMap(List::stream)
                .filter(life -> life.site == site && life.endedBy().isAfter(when))
                .toList();
    }

    void programFailed(String what) {
        violate(Wrong.PROGRAM, what, what);
    }

    /** Judges a registration's removal at the moment when it is done. */
    synchronized void judge(Removal removal) {
        Instant received = removal.deleteReceived();
        if (received == null) {
            return;
        }
        removals++;
        SimulatedAgent agent = removal.agent();
        List<PodLife> named = livesOf(agent);
        if (placeholders.contains(agent.name())) {
            wronglyRemoved(agent, received, "a placeholder");
        } else if (named.isEmpty()) {
            judgeWithoutPod(agent, received);
        } else {
            judgeWithPods(agent, received, named);
        }
    }

    private void judgeWithoutPod(SimulatedAgent agent, Instant received) {
        if (!stragglers.contains(agent.name())) {
            wronglyRemoved(agent, received, "none of the agents that a sweep may remove");
        } else if (!isSweepable(agent, received)) {
            wronglyRemoved(agent, received, "a straggler that had not been offline for long enough");
        }
    }

    private void judgeWithPods(SimulatedAgent agent, Instant received, List<PodLife> named) {
        Instant checked = received.minus(RECHECKED_WITHIN).minus(suspendedBefore(received));
        Site owner = owner(named);
        named.stream()
                .filter(life -> life.spans(checked, received, life.site != owner, offlineFor))
                // Asked by its name it is there; but a sweep asks for the pods that are selected.
                .filter(life -> !(isSweepable(agent, received) && life.mayBeUnselected(checked, received)))
                .forEach(life -> wronglyRemoved(agent, received, "live: " + life));
        Instant due = due(agent, named);
        if (due != null && due.isBefore(received)) {
            Duration late = Duration.between(due, received);
            longest = late.compareTo(longest) > 0 ? late : longest;
        }
    }

    private boolean isSweepable(SimulatedAgent agent, Instant when) {
        Instant since = agent.statusChangedOn();
        return agent.status().equals("offline")
                && since != null
                && !since.plus(offlineFor).isAfter(when.plus(CLOCK));
    }

    private void wronglyRemoved(SimulatedAgent agent, Instant received, String why) {
        violate(Wrong.SAFETY, "removed " + agent.id(), "DELETE of %s, received %s, %s".formatted(agent, received, why));
    }

    /** Looks at what is there and what was asked for; to be called at least each second. */
    void look(AzureDevOpsPool pool, AzureDevOpsSimulator azure) {
        azure.takeRequests().stream().filter(Oracle::isForbidden).forEach(this::forbidden);
        Instant now = Instant.now();
        List<SimulatedAgent> agents = pool.agents();
        synchronized (this) {
            heldUp(now);
            if (faults.stream().allMatch(fault -> fault.to.isBefore(now))) {
                agents.forEach(agent -> judgeStay(agent, now));
            }
            Set<String> present =
                    new HashSet<>(agents.stream().map(SimulatedAgent::name).toList());
            lives.entrySet()
                    .removeIf(entry -> !present.contains(entry.getKey())
                            && entry.getValue().stream()
                                    .allMatch(life -> life.hasEnded()
                                            && life.endedBy().plus(REMEMBERED).isBefore(now)));
        }
    }

    /** Where the machine itself stood still, nobody could be prompt. */
    private void heldUp(Instant now) {
        if (Duration.between(lastLook, now).toSeconds() >= 3) {
            Fault stillness = new Fault("the machine stood still", Effect.SUSPENDS, null, lastLook);
            stillness.to = now;
            faults.add(stillness);
        }
        lastLook = now;
    }

    private static boolean isForbidden(ReceivedRequest request) {
        return request.operation() == AzureDevOpsOperation.OTHER
                || request.operation() == AzureDevOpsOperation.DISCOVER
                || (!request.method().equals("GET") && request.operation() != AzureDevOpsOperation.DELETE_AGENT);
    }

    private void forbidden(ReceivedRequest request) {
        String what = request.method() + " " + request.path();
        violate(Wrong.OTHER_WRITE, what, what);
    }

    private void judgeStay(SimulatedAgent agent, Instant now) {
        Instant deadline = deadline(agent);
        if (deadline != null && now.isAfter(deadline)) {
            violate(
                    Wrong.LIVENESS,
                    "stays " + agent.id(),
                    "%s should be gone since %s: %s".formatted(agent, deadline, livesOf(agent)));
        }
    }

    /** The agents that have to go and are still there. */
    List<SimulatedAgent> ghosts(AzureDevOpsPool pool) {
        List<SimulatedAgent> agents = pool.agents();
        synchronized (this) {
            return agents.stream().filter(agent -> deadline(agent) != null).toList();
        }
    }

    void stays(SimulatedAgent agent) {
        violate(Wrong.LIVENESS, "stays " + agent.id(), "%s stays for ever".formatted(agent));
    }

    /** By when the agent has to be gone; MAX while that can't be said yet; null if it may stay. */
    private @Nullable Instant deadline(SimulatedAgent agent) {
        if (placeholders.contains(agent.name())) {
            return null;
        }
        List<PodLife> named = livesOf(agent);
        if (named.isEmpty()) {
            return stragglers.contains(agent.name()) ? bySweep(agent, began) : null;
        }
        Instant due = due(agent, named);
        if (due == null || due.equals(Instant.MAX)) {
            return due;
        }
        return isMissed(named) ? bySweep(agent, due) : due.plus(PROMPTLY);
    }

    /** From when the agent is a ghost that can be removed; null if it may stay. */
    private @Nullable Instant due(SimulatedAgent agent, List<PodLife> named) {
        Instant gone = named.stream()
                .map(life -> min(life.endedBy(), life.overdueFrom(offlineFor)))
                .max(naturalOrder())
                .orElseThrow();
        if (gone.isAfter(Instant.now())) {
            return null;
        }
        if ((isMissed(named) && !agent.enabled()) || (agent.statusChangedOn() == null && isTroubled(last(named)))) {
            return null;
        }
        if (agent.assignedRequest()) {
            return Instant.MAX;
        }
        return Stream.of(gone, lastFault(), jobEnds.getOrDefault(agent.name(), Instant.MIN))
                .max(naturalOrder())
                .orElseThrow();
    }

    private @Nullable Instant bySweep(SimulatedAgent agent, Instant due) {
        if (!agent.status().equals("offline")) {
            return Instant.MAX;
        }
        Instant since = agent.statusChangedOn();
        return since == null
                ? null
                : max(due, since.plus(offlineFor)).plus(sweepEvery).plus(PROMPTLY);
    }

    /** Whether no process need have seen the end of the last of these pods, or has begun anew since. */
    private boolean isMissed(List<PodLife> named) {
        PodLife last = last(named);
        return !last.hasEnded()
                || last.mayBeUnselected(last.endsFrom(), last.endsFrom())
                || faults.stream()
                        .anyMatch(fault -> fault.effect == Effect.RESTARTS
                                && fault.site == last.site
                                && !fault.to.isBefore(last.endsFrom()))
                || isBlindWhile(last);
    }

    /** Whether there may have been no moment at which its cluster was watched or listed and it was there and selected. */
    private boolean isBlindWhile(PodLife life) {
        Instant visible = life.visibleFrom();
        Instant seen = visible;
        for (Fault fault : faults) {
            Instant listed = fault.to.equals(Instant.MAX) ? fault.to : fault.to.plus(LISTED_AGAIN_WITHIN);
            // They are in the order in which they began. An event may be on its way when the watch is cut.
            if (fault.effect == Effect.BLINDS
                    && fault.site == life.site
                    && !fault.from.isAfter(seen.plus(EVENT_COMES_WITHIN))
                    && listed.isAfter(visible)) {
                seen = max(seen, listed);
            }
        }
        return seen.isAfter(life.endsFrom());
    }

    /** Whether it may have been seen for the first time when it had ended. */
    private boolean isTroubled(PodLife life) {
        return isMissed(List.of(life))
                || faults.stream()
                        .anyMatch(fault -> fault.from.isBefore(life.endedBy()) && fault.to.isAfter(life.createdFrom()));
    }

    private static PodLife last(List<PodLife> named) {
        return named.stream().max(comparing(PodLife::endsFrom)).orElseThrow();
    }

    /** The pod of another cluster than the owner's shows only in that its agent registers. */
    private List<PodLife> livesOf(SimulatedAgent agent) {
        List<PodLife> named = lives.getOrDefault(agent.name(), List.of());
        Site owner = owner(named);
        return named.stream()
                .filter(life -> owner == null || life.site == owner || life.hasRegistered())
                .toList();
    }

    /** The cluster of the pod that registered the agent last. */
    private static @Nullable Site owner(List<PodLife> named) {
        return named.stream()
                .filter(PodLife::hasRegistered)
                .reduce((first, second) -> second)
                .map(life -> life.site)
                .orElse(null);
    }

    private Instant lastFault() {
        return faults.stream().map(fault -> fault.to).max(naturalOrder()).orElse(began);
    }

    private Duration suspendedBefore(Instant when) {
        Instant from = when.minus(Duration.ofMinutes(1));
        return faults.stream()
                .filter(fault -> fault.effect == Effect.SUSPENDS && fault.from.isBefore(when) && fault.to.isAfter(from))
                .map(fault -> Duration.between(max(fault.from, from), min(fault.to, when)))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private synchronized void violate(Wrong wrong, String key, String what) {
        violations.putIfAbsent(key, new Violation(wrong, Instant.now(), what));
    }

    synchronized List<Violation> violations() {
        return List.copyOf(violations.values());
    }

    synchronized int removals() {
        return removals;
    }

    /** The longest that a ghost which could be removed was still there. */
    synchronized Duration longest() {
        return longest;
    }

    synchronized Map<String, Long> faults() {
        Map<String, Long> kinds = new TreeMap<>();
        faults.forEach(fault -> kinds.merge(fault.kind, 1L, Long::sum));
        return kinds;
    }

    private static Instant max(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant min(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
