package dev.agentreaper.removal;

/** How one attempt to remove a ghost went. */
public sealed interface AttemptResult {

    /** The removal is over. */
    record Ended(Outcome outcome) implements AttemptResult {}

    /** The agent runs a job: it can be removed once that has ended, and not before. */
    record Busy(String why) implements AttemptResult {}

    /** Something could not be read or done. */
    record Failed(String why) implements AttemptResult {}
}
