package dev.agentreaper.removal;

import dev.agentreaper.decision.AgentName;
import dev.agentreaper.decision.PodKey;
import dev.agentreaper.decision.Trigger;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An agent whose pod seems to be gone.
 *
 * @param podsByUid the pods that were told of, the last of them where there are many: each is asked for in each attempt
 * @param placeholder one of them registered a placeholder
 * @param since when the last of them was told of: what was read of the pool earlier may not have its agent
 * @param busyAt when an attempt to remove it found that it runs a job; null if none has
 */
public record Ghost(
        AgentName agent,
        SequencedMap<String, PodKey> podsByUid,
        boolean placeholder,
        Trigger trigger,
        Instant since,
        @Nullable Instant busyAt) {
    private static final int MOST_PODS = 20;

    public Ghost {
        podsByUid = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(podsByUid));
    }

    /** One that no attempt has been made to remove. */
    public Ghost(AgentName agent, String uid, PodKey pod, boolean placeholder, Trigger trigger, Instant since) {
        this(agent, new LinkedHashMap<>(Map.of(uid, pod)), placeholder, trigger, since, null);
    }

    /** The names of its pods, one for all that have come and gone under it. */
    public Set<PodKey> pods() {
        return Set.copyOf(podsByUid.values());
    }

    /** The same agent, told of once more. */
    Ghost and(Ghost later) {
        SequencedMap<String, PodKey> all = new LinkedHashMap<>(podsByUid);
        all.putAll(later.podsByUid);
        while (all.size() > MOST_PODS) {
            all.pollFirstEntry();
        }
        // Once a pod was seen to go, that stays so.
        Trigger both = trigger == Trigger.EVENT ? trigger : later.trigger;
        return new Ghost(later.agent, all, placeholder || later.placeholder, both, later.since, null);
    }

    /** The same, found to run a job. */
    Ghost busy(Instant at) {
        return new Ghost(agent, podsByUid, placeholder, trigger, since, at);
    }
}
