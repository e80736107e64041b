package dev.agentreaper.simulator;

/** What a client asks of a {@link KubernetesSimulator}. */
public enum KubernetesOperation {
    /** A list, or its first page. */
    LIST,
    /** A further page of a list. */
    LIST_CONTINUE,
    WATCH,
    /** One pod. */
    GET,
    /** A SelfSubjectAccessReview. */
    ACCESS_REVIEW,
    OTHER
}
