package dev.agentreaper.chaos;

/** Something that goes wrong for a while. */
interface Trouble {

    /** Begins it, waits, and ends it. */
    void strike(Chance chance) throws InterruptedException;
}
