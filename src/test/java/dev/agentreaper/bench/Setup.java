package dev.agentreaper.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What the measurements have in common.
 *
 * @param ours the native program first, where there is one
 * @param small numbers that only show that a measurement works
 */
record Setup(List<AgentReaper> ours, boolean small) {
    Setup {
        ours = List.copyOf(ours);
    }

    int number(int full, int tiny) {
        return small ? tiny : full;
    }

    /** A turn of each of ours, and after them those of peers. */
    List<Turn> turns(Function<AgentReaper, Turn.Round> round, Turn... peers) {
        List<Turn> turns = new ArrayList<>();
        ours.forEach(one -> turns.add(new Turn(one.name(), round.apply(one))));
        turns.addAll(List.of(peers));
        return turns;
    }

    /** A turn of each of ours and of the naive watcher. */
    List<Turn> watchers(Function<Watcher, Turn.Round> round) {
        Watcher naive = Peers.naiveWatcher();
        return turns(round::apply, new Turn(naive.name(), round.apply(naive)));
    }
}
