package dev.agentreaper.kubernetes;

/** One line of a watch; {@code resourceVersion} is where a later watch goes on. */
public sealed interface PodEvent {

    /** The pod is new to the watch, or changed. */
    record Changed(PodFacts pod, String resourceVersion) implements PodEvent {}

    /** The pod left the watch: it is deleted, or its labels no longer match. */
    record Left(PodFacts pod, String resourceVersion) implements PodEvent {}

    /** Nothing happened up to here. */
    record Bookmark(String resourceVersion) implements PodEvent {}

    /** Of a type, or about a kind of object, that we do not know. */
    record Unknown() implements PodEvent {}
}
