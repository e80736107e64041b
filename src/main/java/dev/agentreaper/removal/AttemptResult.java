package dev.agentreaper.removal;

/** How one attempt to remove a ghost went. */
sealed interface AttemptResult {

    /** The removal is over. */
    record Ended(Outcome outcome) implements AttemptResult {}

    /** The agent runs a job. */
    record Busy(String why) implements AttemptResult {}

    /** Something could not be read or done. */
    record Failed(String why) implements AttemptResult {}
}
