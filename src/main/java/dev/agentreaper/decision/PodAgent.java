package dev.agentreaper.decision;

/** Which agent a pod runs. */
public sealed interface PodAgent {

    /** The agent of this name. */
    record Named(AgentName name) implements PodAgent {}

    /** An agent whose name the pod does not show; {@code why} is for the operator. */
    record Unmapped(String why) implements PodAgent {}

    /** None yet: the pod has not come so far that its agent could have registered. */
    record NotYet() implements PodAgent {}
}
