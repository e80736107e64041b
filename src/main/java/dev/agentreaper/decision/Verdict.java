package dev.agentreaper.decision;

/** What is to become of an agent. */
public sealed interface Verdict {

    /** Nothing speaks for keeping it. */
    record Remove() implements Verdict {}

    /** The first reason to keep it. */
    record Keep(KeepReason reason) implements Verdict {}
}
