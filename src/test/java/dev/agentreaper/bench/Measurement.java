package dev.agentreaper.bench;

import java.util.List;

/** One comparison: in every round each takes its turn, so that what else the machine does befalls all alike. */
interface Measurement {
    /** The word by which it is chosen. */
    String name();

    /** What is measured, from where to where, and what is compared with what. */
    String what();

    int rounds();

    /** In this order; each is compared with those after it, the last of them first. */
    List<Turn> turns();

    default List<Goal> goals() {
        return List.of();
    }
}
