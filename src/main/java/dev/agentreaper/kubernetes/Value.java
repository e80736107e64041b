package dev.agentreaper.kubernetes;

/** What a pod shows of a value that its container gets. */
sealed interface Value {

    record Known(String value) implements Value {}

    /** It comes from where we do not look; {@code why} is for the operator. */
    record Unknown(String why) implements Value {}

    /** The pod does not have it yet, and its containers do not start without. */
    record NotYet() implements Value {}
}
