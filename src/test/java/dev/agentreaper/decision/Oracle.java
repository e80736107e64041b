package dev.agentreaper.decision;

import static dev.agentreaper.decision.AgentBuilder.NOW;
import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Decides a second time, step by step as the contract tells it and with nothing of the code that it checks: what it says
 * is {@code REMOVE} or the name of a reason.
 */
final class Oracle {
    private static final Set<String> NAMES_OF_PLACEHOLDERS =
            Set.of("*placeholder*", "*-template", "dummy-agent*", "*dontdelete*", "*do-not-delete*");

    private final RandomPool pool;
    private final Policy policy;
    private final Trigger trigger;

    Oracle(RandomPool pool, Trigger trigger) {
        this.pool = pool;
        this.policy = pool.policy();
        this.trigger = trigger;
    }

    String verdict(Agent agent) {
        String first = withoutLimit(agent);
        if (trigger != Trigger.SWEEP || !first.equals("REMOVE")) {
            return first;
        }
        int before = 0;
        for (Agent other : pool.agents()) {
            if (withoutLimit(other).equals("REMOVE") && goesBefore(other, agent)) {
                before++;
            }
        }
        return before < policy.maxRemovals() ? "REMOVE" : "LIMIT";
    }

    private String withoutLimit(Agent agent) {
        String name = lower(agent.name());
        boolean sweep = trigger == Trigger.SWEEP;
        Instant changed = agent.statusChangedOn();

        Set<String> live = new HashSet<>();
        Set<String> placeholders = new HashSet<>();
        Set<String> ofAnyPod = new HashSet<>();
        boolean unmapped = false;
        int running = 0;
        for (Pod pod : pool.pods()) {
            boolean lost = pod.endsBy() != null
                    && millisSince(pod.endsBy()) > policy.offlineFor().toMillis();
            boolean isLive = !pod.ended() && !(sweep && lost);
            if (pod.agent() instanceof PodAgent.Named named) {
                ofAnyPod.add(lower(named.name()));
                if (isLive) {
                    live.add(lower(named.name()));
                }
                if (pod.placeholder()) {
                    placeholders.add(lower(named.name()));
                }
            } else if (pod.agent() instanceof PodAgent.Unmapped && isLive) {
                unmapped = true;
            }
            if (isLive
                    && pod.started() != null
                    && millisSince(pod.started()) > Duration.ofMinutes(5).toMillis()) {
                running++;
            }
        }
        boolean anyOnline = false;
        for (Agent other : pool.agents()) {
            anyOnline |= other.online() && ofAnyPod.contains(lower(other.name()));
        }

        if (live.contains(name)) {
            return "POD_ALIVE";
        } else if (anyMatches(policy.protect(), name)
                || NAMES_OF_PLACEHOLDERS.stream().anyMatch(glob -> matches(glob, name))
                || placeholders.contains(name)
                || agent.capabilities().get("AZP_PLACEHOLDER") != null
                || String.valueOf(agent.capabilities().get("AZP_TEMPLATE_JOB")).equals("1")) {
            return "PROTECTED";
        } else if (lacksACapability(agent)) {
            return "NOT_OURS";
        } else if (sweep && !anyMatches(policy.sweepAgents(), name)) {
            return "NOT_OURS";
        } else if (sweep && unmapped) {
            return "UNMAPPED";
        } else if (sweep && agent.online()) {
            return "ONLINE";
        } else if (sweep && !agent.enabled()) {
            return "DISABLED";
        } else if (sweep && agent.busy()) {
            return "BUSY";
        } else if (trigger != Trigger.EVENT && changed == null) {
            return "GRACE";
        } else if (sweep
                && (millisSince(changed) < 0
                        || millisSince(changed) < policy.offlineFor().toMillis())) {
            return "GRACE";
        } else if (sweep && running >= 2 && !anyOnline) {
            return "OUTAGE";
        }
        return "REMOVE";
    }

    private boolean lacksACapability(Agent agent) {
        for (Map.Entry<String, String> required : policy.capabilities().entrySet()) {
            if (!required.getValue().equals(agent.capabilities().get(required.getKey()))) {
                return true;
            }
        }
        return false;
    }

    private static boolean goesBefore(Agent one, Agent other) {
        long difference = millisSince(one.statusChangedOn()) - millisSince(other.statusChangedOn());
        return difference > 0 || (difference == 0 && one.id() < other.id());
    }

    private static boolean anyMatches(Globs globs, String name) {
        StringTokenizer each = new StringTokenizer(globs.toString(), ",");
        while (each.hasMoreTokens()) {
            if (matches(each.nextToken().toLowerCase(Locale.ROOT), name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(String glob, String name) {
        if (glob.isEmpty()) {
            return name.isEmpty();
        }
        if (glob.startsWith("*")) {
            return matches(glob.substring(1), name) || (!name.isEmpty() && matches(glob, name.substring(1)));
        }
        return !name.isEmpty()
                && (glob.startsWith("?") || glob.charAt(0) == name.charAt(0))
                && matches(glob.substring(1), name.substring(1));
    }

    private static String lower(AgentName name) {
        return name.value().toLowerCase(Locale.ROOT);
    }

    private static long millisSince(@Nullable Instant time) {
        return NOW.toEpochMilli() - requireNonNull(time).toEpochMilli();
    }
}
