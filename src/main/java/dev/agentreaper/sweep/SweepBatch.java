package dev.agentreaper.sweep;

import dev.agentreaper.decision.Agent;
import dev.agentreaper.decision.Ruling;
import dev.agentreaper.decision.Verdict;
import dev.agentreaper.removal.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The removals of a sweep: several at a time, the longest offline first. One that turns out not to be deleted makes room for
 * the next.
 */
final class SweepBatch {
    private static final int AT_ONCE = 8;
    // Else a service that refuses all would be asked for every agent.
    private static final int MADE_ROOM_FOR = 50;

    private final String pool;
    private final StragglerRemover remover;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private volatile boolean stopped;

    SweepBatch(String pool, StragglerRemover remover) {
        this.pool = pool;
        this.remover = remover;
    }

    /** Begins no more of them. */
    void stop() {
        stopped = true;
    }

    /** How many there are in this sweep. */
    int begun() {
        return begun.get();
    }

    /** How many of these have been tried. */
    int ended() {
        return ended.get();
    }

    /** Removes those that are to be, and says of all what became of them. */
    List<SweepRow> remove(List<Ruling> rulings, FreshReading fresh) throws InterruptedException {
        begun.set(0);
        ended.set(0);
        Map<Agent, SweepRow> tried = new HashMap<>();
        Iterator<Ruling> beyondLimit = rulings.stream()
                .filter(Ruling::isBeyondLimit)
                .limit(MADE_ROOM_FOR)
                .map(ruling -> new Ruling(ruling.agent(), new Verdict.Remove()))
                .iterator();
        List<Ruling> next = rulings.stream().filter(Ruling::removes).toList();
        try (ExecutorService workers = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofPlatform().name("sweep " + pool + " ", 1).factory())) {
            while (!next.isEmpty()) {
                List<Ruling> room = new ArrayList<>();
                for (SweepRow row : together(next, fresh, workers)) {
                    tried.put(row.agent(), row);
                    if (row.outcome() != null && row.outcome().deletedNothing() && beyondLimit.hasNext()) {
                        room.add(beyondLimit.next());
                    }
                }
                next = room;
            }
        }
        return rulings.stream()
                .map(ruling -> tried.getOrDefault(ruling.agent(), new SweepRow(ruling, null)))
                .toList();
    }

    private List<SweepRow> together(List<Ruling> rulings, FreshReading fresh, ExecutorService workers)
            throws InterruptedException {
        begun.addAndGet(rulings.size());
        List<Callable<SweepRow>> turns = rulings.stream()
                .<Callable<SweepRow>>map(ruling -> () -> new SweepRow(ruling, outcome(ruling, fresh)))
                .toList();
        return workers.invokeAll(turns).stream().map(Future::resultNow).toList();
    }

    private @Nullable Outcome outcome(Ruling ruling, FreshReading fresh) throws InterruptedException {
        Outcome outcome = stopped ? null : remover.remove(ruling.agent(), fresh);
        ended.incrementAndGet();
        return outcome;
    }
}
