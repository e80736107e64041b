package dev.agentreaper.removal;

/** How one attempt to remove a ghost went: its {@link Outcome} where the removal is over. */
public sealed interface AttemptResult permits Outcome, AttemptResult.Busy, AttemptResult.NotNow {

    /** The agent runs a job: it can be removed once that has ended, and not before. */
    record Busy(String why) implements AttemptResult {}

    /** Something could not be read or done. */
    record NotNow(String why) implements AttemptResult {}
}
